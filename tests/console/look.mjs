// look.mjs FOLDER [NODE] [PATH…]: pictures of the screens, for people to look at: python3 country.py PROGRAM node look.mjs FOLDER
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { browser, country, go, person, signIn } from './browser.mjs'

const [folder, node = 'pca-330000', ...paths] = process.argv.slice(2)
const { matters } = country
const PLACES = paths.length ? paths : [
  '/desk', '/incidents/new', '/incidents', `/matters/${matters.incident}`, `/matters/${matters.response}`,
  `/matters/${matters.warning}`, '/warnings', '/peers', '/audit', '/map', '/wall', '/statistics', '/rules', '/help',
]
mkdirSync(folder, { recursive: true })
const launched = await browser()
for (const [name, options] of Object.entries({ zh: {}, en: { lang: 'en' }, night: { dark: true } })) {
  const who = await person(launched, node, { role: 'auditor', ...options })
  await signIn(who)
  for (const path of name === 'zh' ? PLACES : PLACES.slice(0, 5)) {
    await go(who.page, path)
    await who.page.screenshot({ path: join(folder, `${name}${path.replace(/\W+/g, '-').slice(0, 24)}.png`), fullPage: path !== '/wall' })
  }
  for (const fault of who.faults) console.log('fault', fault)
  await who.context.close()
}
await launched.close()
