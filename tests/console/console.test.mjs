// The console in a real browser, on real nodes: see README.md.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { AXE, browser, country, go, person, signIn } from './browser.mjs'

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

// --- what a job costs ---

/* Clicks from here on; keys are free, as in design. */
function counting(page) {
  let clicks = 0
  return { async click(selector) { clicks++; await page.locator(selector).first().click() }, get clicks() { return clicks } }
}

async function shows(page, selector) {
  await page.locator(selector).first().waitFor({ timeout: 15_000 })
}

const REPORT_TITLE = /域名解析异常/
async function report(page, harm) {
  await page.keyboard.press('n')
  const mouse = counting(page)
  await shows(page, '[data-type=dns]')
  await mouse.click('[data-type=dns]')
  await mouse.click('[data-impact=province]')
  await mouse.click('textarea')
  await page.keyboard.type('全省用户解析缓慢')
  await page.keyboard.press('Tab')
  while (!(await page.evaluate(() => document.activeElement.tagName === 'TEXTAREA'))) await page.keyboard.press('Tab')
  await page.keyboard.type(harm)
  await mouse.click('[data-act="incident.reported"]')
  await page.waitForURL(/\/matters\//)
  return { id: page.url().split('/').pop(), clicks: mouse.clicks }
}

test('an incident is reported in four clicks, and the province hears of it within a second', async () => {
  const province = await enter(PROVINCE)
  const telecom = await enter('demo-telecom-zj')
  const { id, clicks } = await report(telecom.page, '大量用户无法正常上网')
  assert.ok(clicks <= 4, `${clicks} clicks`)
  await telecom.page.locator('h1', { hasText: REPORT_TITLE }).waitFor()
  await shows(province.page, '.banner')
  await shows(province.page, `a[href="/matters/${id}"]`)
  assert.deepEqual([...province.faults, ...telecom.faults], [])
  await Promise.all([province.context.close(), telecom.context.close()])
})

test('the province takes a report in with one click, and starts level III with four', async () => {
  const telecom = await enter('demo-telecom-zj')
  const { id } = await report(telecom.page, '大量用户无法正常上网')
  const province = await enter(PROVINCE)
  const mouse = counting(province.page)
  await shows(province.page, `a[href="/matters/${id}"]`)
  await mouse.click(`li:has(a[href="/matters/${id}"]) [data-act="incident.received"]`)
  await province.page.locator(`li:has(a[href="/matters/${id}"]) [data-act="incident.received"]`).waitFor({ state: 'detached' })
  assert.equal(mouse.clicks, 1)

  const command = counting(province.page)
  await command.click(`a[href="/matters/${id}"]`)
  await command.click('[data-act=adopt]')
  await shows(province.page, '.head .level.yellow')
  await command.click('.next button[data-act="response.started"]')
  await command.click('form[data-act="response.started"] button[type=submit]')
  await shows(province.page, '.timeline li[data-kind="response.started"]')
  assert.equal(command.clicks, 4)
  assert.deepEqual(province.faults, [])
  await Promise.all([province.context.close(), telecom.context.close()])
})

test('the province publishes a yellow warning from an incident with two clicks', async () => {
  const province = await enter(PROVINCE)
  await go(province.page, `/matters/${matters.incident}`)
  const mouse = counting(province.page)
  await mouse.click('[data-act=warn]')
  const form = province.page.locator('form[data-act="warning.published"]')
  await form.waitFor()
  for (const [label, text] of Object.entries({ 应采取的防范措施: '启用备用解析', 时限要求: '24 小时', 咨询电话: '0571-00000000' })) {
    await form.getByLabel(label).focus()
    await province.page.keyboard.type(text)
  }
  await mouse.click('form[data-act="warning.published"] button[type=submit]')
  await province.page.waitForURL((url) => !url.pathname.endsWith(matters.incident))
  await shows(province.page, '.head .level.yellow')
  assert.equal(mouse.clicks, 2)
  assert.deepEqual(province.faults, [])
  await province.context.close()
})

test('an enterprise acknowledges a warning and accepts an order with one click each', async () => {
  const cloud = await enter('demo-cloud-zj')
  for (const act of ['warning.acknowledged', 'order.accepted']) {
    const button = cloud.page.locator(`.lines [data-act="${act}"]`)
    await button.first().waitFor()
    const before = await button.count()
    await button.first().click()
    await cloud.page.waitForFunction(([selector, most]) => document.querySelectorAll(selector).length < most,
      [`.lines [data-act="${act}"]`, before])
  }
  assert.deepEqual(cloud.faults, [])
  await cloud.context.close()
})

test('the ledger is verified in the browser with one click', async () => {
  const auditor = await enter(PROVINCE, { role: 'auditor' })
  await go(auditor.page, '/audit')
  await auditor.page.click('[data-do=verify]')
  await shows(auditor.page, '.well[role=status]')
  await auditor.context.close()
})

// --- what a tier may not do ---

test('what is beyond the power of an enterprise is a disabled button with its clause and the way to ask', async () => {
  const telecom = await enter('demo-telecom-zj')
  await go(telecom.page, `/matters/${matters.incident}`)
  const start = telecom.page.locator('.next .row:has(> [data-act="response.started"].is-disabled)')
  await start.waitFor()
  assert.match(await start.innerText(), /§5\.3/)
  assert.match(await start.innerText(), /→/)
  assert.deepEqual(telecom.faults, [])
  await telecom.context.close()
})

// --- live ---

test('eight tabs share one stream; a cut one comes back without a gap', async () => {
  const telecom = await enter('demo-telecom-zj')
  const metric = async () => {
    const answer = await fetch(`${telecom.url}/metrics`, { headers: { Authorization: `Bearer ${telecom.token}` } })
    return Number(/^fengsui_stream_subscribers (\d+)/m.exec(await answer.text())[1])
  }
  const tabs = [telecom.page]
  while (tabs.length < 8) {
    const tab = await telecom.context.newPage()
    await tab.addInitScript((token) => sessionStorage.setItem('fengsui.token', token), telecom.token)
    await tab.goto('/desk')
    await shows(tab, 'nav')
    tabs.push(tab)
  }
  for (const end = Date.now() + 15_000; (await metric()) !== 1; ) assert.ok(Date.now() < end, `${await metric()} streams`)
  await telecom.context.setOffline(true)
  await telecom.context.setOffline(false)
  const { id } = await report(telecom.page, '实时流演练')
  for (const tab of tabs.slice(1)) await shows(tab, `a[href="/matters/${id}"], [data-duty]`)
  await telecom.context.close()
})

// --- hostile text ---

const HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=1</script>{{constructor.constructor("document.title=1")()}}'
test('text from outside is text on every screen that shows it', async () => {
  const telecom = await enter('demo-telecom-zj')
  const answer = await fetch(`${telecom.url}/api/v1/incidents`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${telecom.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ title: HOSTILE, occurred: '2026-11-20T21:50:00+08:00', scope: HOSTILE, harm: HOSTILE,
      measures: HOSTILE, advice: HOSTILE, region: '330000', source: HOSTILE, contact: HOSTILE }),
  })
  const { subject, act } = await answer.json()
  for (const path of ['/desk', '/incidents', `/matters/${subject}`, `/acts/${act}`, '/audit', '/map', '/wall', '/statistics']) {
    await go(telecom.page, path)
    assert.notEqual(await telecom.page.title(), '1', path)
    assert.equal(await telecom.page.locator('img[src=x]').count(), 0, path)
  }
  assert.deepEqual(telecom.faults.filter((fault) => !/403/.test(fault)), [])
  await telecom.context.close()
})
