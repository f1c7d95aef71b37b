// The console in a real browser, on real nodes: see README.md.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { AXE, browser, country, go, person, quiet, signIn } from './browser.mjs'

const { matters } = country
const PROVINCE = 'pca-330000'
const LISTS = ['incidents', 'warnings', 'risk-tips', 'responses', 'orders', 'supports', 'releases', 'plans', 'drills', 'rosters',
  'contacts', 'teams', 'experts', 'talents', 'tools', 'responsibilities', 'trainings']
const SCREENS = ['/desk', '/incidents/new', '/map', '/wall', '/duties', '/statistics', '/audit', '/rules', '/peers', '/status', '/help', '/nowhere', ...LISTS.map((name) => `/${name}`), ...Object.values(matters).map((id) => `/matters/${id}`)]
const SERIOUS = ['serious', 'critical']

let launched
before(async () => (launched = await browser()))
after(() => launched.close())

async function enter(node, options) {
  const who = await person(launched, node, options)
  await signIn(who)
  return who
}

/* What axe finds serious on the page. */
async function findings(page) {
  await page.evaluate(AXE)
  const found = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }))
  return found.violations.filter(({ impact }) => SERIOUS.includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}

/* What the page says, without what stands there as code. */
function spoken() {
  const copy = document.body.cloneNode(true)
  for (const code of copy.querySelectorAll('code, pre')) code.remove()
  return copy.textContent
}

for (const lang of ['zh', 'en'])
  test(`every screen in ${lang} keeps to the policy, without an error, a raw word or a serious finding`, async () => {
    const who = await enter(PROVINCE, { role: 'auditor', lang })
    const wrong = []
    for (const path of SCREENS) {
      await go(who.page, path)
      if (await who.page.locator('.refused').count()) wrong.push(`${path}: ${await who.page.locator('.refused').first().innerText()}`)
      const text = await who.page.evaluate(spoken)
      const raw = text.match(/\b(value|facts|screen|empty|matter|duty|act|desk|report)\.[a-z_.]+\b/)
      if (raw) wrong.push(`${path}: says ${raw[0]}`)
      wrong.push(...(await findings(who.page)).map((finding) => `${path}: ${finding}`))
    }
    assert.deepEqual([...wrong, ...who.faults], [])
    await who.context.close()
  })
