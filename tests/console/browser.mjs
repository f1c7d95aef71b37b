// browser.mjs — Debian's chromium by playwright-core, on the nodes of country.py; whatever a page should not do is kept.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const modules = createRequire(join(import.meta.dirname, '../../build/web/work/package.json'))
const { chromium } = modules('playwright-core')
/* The text of axe: evaluated, for the policy lets no script be added. */
export const AXE = readFileSync(modules.resolve('axe-core/axe.min.js'), 'utf8')

export const country = JSON.parse(process.env.COUNTRY)

export function browser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
}

/* A person at a browser of one node. `faults` fills with violations of the policy, errors of the console and of pages. */
export async function person(launched, node, { role = 'officer', lang = 'zh', dark = false, ...more } = {}) {
  const { url, ...tokens } = country.nodes[node]
  const context = await launched.newContext({
    baseURL: url, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: { width: 1440, height: 900 },
    colorScheme: dark ? 'dark' : 'light', ...more,
  })
  const faults = []
  await context.addInitScript((language) => {
    localStorage.setItem('fengsui.language', language)
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))
  }, lang)
  const page = await context.newPage()
  page.on('console', (message) => message.type() === 'error' && faults.push(`${page.url()} ${message.text()}`))
  page.on('pageerror', (error) => faults.push(`${page.url()} ${error.message}`))
  page.on('requestfailed', (request) => {
    const why = request.failure().errorText
    if (why !== 'net::ERR_ABORTED') faults.push(`${request.url()} ${why}`)
  })
  watch(page)
  return { context, page, faults, token: tokens[role], url }
}

// Requests under way. The live stream never ends, and of a worker's script the page does not hear the end.
const ENDLESS = /\/api\/v1\/events|\/assets\/worker/
const pending = new WeakMap()
const QUIET_MS = 150

function watch(page) {
  const open = new Set()
  pending.set(page, open)
  page.on('request', (request) => ENDLESS.test(request.url()) || open.add(request))
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => open.delete(request))
}

/* Until the page has asked for nothing for a moment. */
export async function quiet(page) {
  for (let since = Date.now(); Date.now() - since < QUIET_MS; await page.waitForTimeout(20))
    if (pending.get(page).size) since = Date.now()
}

export async function signIn({ page, token }) {
  await page.goto('/')
  await page.click('[data-way=token]')
  await page.fill('#token', token)
  await page.click('button[type=submit]')
  await page.waitForSelector('nav')
  await quiet(page)
}

/* To a place inside the console, without loading it again. */
export async function go(page, path) {
  await page.evaluate((to) => document.querySelector('#app').__vue_app__.config.globalProperties.$router.push(to), path)
  await quiet(page)
}
