// Every word that the console itself says, in both languages side by side: a key without one of them does not compile.
// What the law and the catalogue say comes from the node, which has both.
import { createI18n } from 'vue-i18n'
import { computed } from 'vue'

import { SCREEN_WORDS } from './screens'
import { VALUE_WORDS } from './values'

const COMMON: Record<string, readonly [zh: string, en: string]> = {
  'app.name': ['烽燧', 'fengsui'],
  'app.what': ['电信和互联网行业网络安全应急指挥与监管平台', 'Emergency command and supervision for the telecom sector'],
  'app.unclassified': [
    '本系统为非涉密系统，严禁存储、处理、传输国家秘密。',
    'This system is unclassified: state secrets must not be stored, processed or sent here.',
  ],
  'app.skip': ['跳到正文', 'Skip to the content'],
  'app.menu': ['导航', 'Navigation'],
  'app.drill': ['演练', 'Drill'],
  'app.language': ['English', '中文'],
  'app.dark': ['夜间', 'Night'],
  'app.light': ['日间', 'Day'],
  'app.signOut': ['退出', 'Sign out'],
  'app.print': ['打印', 'Print'],
  'app.copyCommand': ['复制为命令', 'Copy as command'],
  'app.copied': ['已复制', 'Copied'],
  'app.more': ['更多', 'More'],
  'app.refresh': ['刷新', 'Refresh'],
  'app.close': ['关闭', 'Close'],
  'app.search': ['搜索', 'Search'],
  'app.loading': ['读取中…', 'Reading…'],
  'app.none': ['无', 'none'],
  'app.yes': ['是', 'yes'],
  'app.no': ['否', 'no'],
  'app.unknown': ['未知', 'unknown'],
  'app.all': ['全部', 'All'],
  'app.open': ['打开', 'Open'],
  'app.shortcuts': ['快捷键：N 立即上报 · / 搜索 · G D 值班台 · ? 帮助', 'Keys: N report · / search · G D duty desk · ? help'],
  'live.asOf': ['数据截至', 'Data as of'],
  'live.stale': ['实时流中断', 'Live stream lost'],
  'live.startWatch': ['开始值守', 'Start the watch'],
  'live.watching': ['值守中', 'On watch'],
  'live.new': ['新到', 'Incoming'],
  'login.title': ['登录', 'Sign in'],
  'login.token': ['访问令牌', 'Access token'],
  'login.hint': [
    '由运维员用 fengsui token create 生成；只保存在本标签页内。',
    'Made by an operator with fengsui token create; kept in this tab only.',
  ],
  'login.name': ['用户名', 'Name'],
  'login.password': ['口令', 'Password'],
  'login.code': ['动态口令', 'Code'],
  'login.code.optional': ['动态口令（已绑定时填写）', 'Code, where an authenticator is enrolled'],
  'login.code.hint': ['认证器上的 6 位数字', 'The six digits of your authenticator'],
  'login.locked': ['屏幕已锁定', 'Locked'],
  'login.lock': ['锁屏', 'Lock'],
  'login.unlock': ['解锁', 'Unlock'],
  'login.confirm': ['此行为须验证动态口令', 'This act needs a second factor'],
  'login.confirm.go': ['确认', 'Confirm'],
  'login.way.person': ['用户登录', 'Sign in as a person'],
  'login.way.token': ['用令牌登录', 'Use a token'],
  'login.way.activate': ['启用账号', 'Activate an account'],
  'login.way.setup': ['首次启用', 'First run'],
  'login.post': ['岗位', 'Post'],
  'setup.title': ['首次启用', 'First run'],
  'setup.hint': ['系统、安全、审计三个管理员分设，没有默认账号。启用码由本机命令给出。', 'Three separate administrators; there is no default account. The code is given on this machine.'],
  'setup.code': ['启用码', 'Setup code'],
  'setup.password': ['口令（留空则发一次性启用码）', 'Password; empty: a one-time code instead'],
  'setup.go': ['完成初始化', 'Finish'],
  'setup.done': ['已建立三个管理员。一次性启用码只显示这一次：', 'The three administrators are made. Codes are shown this once:'],
  'account.token': ['以令牌登录，没有个人账号。', 'Signed in by a token: there is no account.'],
  'account.last': ['上次登录', 'Last here'],
  'account.failures': ['此后失败次数', 'Failures since'],
  'account.until': ['口令有效期至', 'Password until'],
  'account.authenticator': ['认证器', 'Authenticator'],
  'account.enrolled': ['已绑定', 'Enrolled'],
  'account.notEnrolled': ['未绑定：须动态口令的行为不能办理', 'Not enrolled: marked acts cannot be done'],
  'account.seed': ['绑定认证器', 'Enrol an authenticator'],
  'account.enrol': ['完成绑定', 'Enrol'],
  'account.password': ['更换口令', 'Change the password'],
  'account.password.rule': ['至少 10 个字符，大写、小写、数字、符号中至少三类。', 'At least 10 characters of three of: upper case, lower case, digits, others.'],
  'account.old': ['现口令', 'Present password'],
  'account.new': ['新口令', 'New password'],
  'account.change': ['更换', 'Change'],
  'account.changed': ['已更换', 'Changed'],
  'account.code': ['一次性启用码', 'One-time code'],
  'user.access': ['账号', 'Account'],
  'user.reason': ['事由', 'Reason'],
  'user.code': ['发一次性启用码', 'Issue a one-time code'],
  'user.unlock': ['解除锁定', 'Lift the lock'],
  'act.noPermit': ['您的岗位无此权限', 'Your post does not include this'],
  'login.go': ['登录', 'Sign in'],
  'refusal.clause': ['依据', 'Clause'],
  'refusal.then': ['可以这样做', 'What can be done instead'],
  'refusal.unreachable': ['连不上本节点', 'The node cannot be reached'],
  'refusal.retry': ['重试', 'Try again'],
  'law.clause': ['条款', 'Clause'],
  'law.rules': ['据此形成的规则', 'Rules that hang on it'],
  'law.open': ['打开规则库', 'Open the rules'],
  'duty.overdue': ['已逾期', 'overdue'],
  'duty.left': ['剩余', 'left'],
  'duty.since': ['已过', 'since'],
  'duty.immediate': ['立即', 'at once'],
  'duty.prompt': ['及时', 'promptly'],
  'duty.provisional': ['日历未公布，暂定', 'calendar not announced: provisional'],
  'duty.standing': ['常态', 'standing'],
  'duty.standings': ['常态义务', 'Standing obligations'],
  'duty.owner': ['义务人', 'Who owes'],
  'duty.receiver': ['报送对象', 'To whom'],
  'duty.due': ['期限', 'Due'],
  'duty.text': ['条文', 'Provision'],
  'duty.state': ['状态', 'State'],
  'duty.perform': ['办理', 'Do it'],
  'duty.open': ['未办', 'open'],
  'duty.done': ['已办', 'done'],
  'duty.done_late': ['逾期办结', 'done late'],
  'duty.cancelled': ['已撤销', 'cancelled'],
  'duty.outside': ['系统外单位', 'outside party'],
  'act.submit': ['提交', 'Submit'],
  'act.cancel': ['取消', 'Cancel'],
  'act.required': ['必填', 'required'],
  'act.optional': ['选填', 'Optional fields'],
  'act.secret': ['仅向需要者披露；行为中只留加盐摘要', 'Disclosed by need to know; the act carries a salted hash'],
  'act.happened': ['实际时间（如先电话报告，后补录）', 'When it was done, if not just now'],
  'act.done': ['已入账', 'Recorded'],
  'act.position': ['账本位置', 'ledger leaf'],
  'act.next': ['下一步', 'Next step'],
  'act.more': ['其他办理', 'Other acts'],
  'act.noPower': ['本节点无此权限', 'Not within the power of this node'],
  'act.notNow': ['当前状态不可办理', 'Not possible in this state'],
  'act.notOwner': ['由牵头单位办理', 'For the owner of the matter'],
  'act.notAssignee': ['由承办单位办理', 'For the assignee'],
  'act.notParty': ['由其他相关单位办理', 'For other parties'],
  'act.notOffered': ['由被移交单位办理', 'For the unit it was offered to'],
  'act.bySystem': ['由系统自动办理', 'Done by the system'],
  'act.nothing': ['此事项已无可办理的行为', 'Nothing more can be done here'],
  'matter.id': ['编号', 'Id'],
  'matter.title': ['名称', 'Title'],
  'matter.state': ['状态', 'State'],
  'matter.level': ['级别', 'Level'],
  'matter.colour': ['颜色', 'Colour'],
  'matter.region': ['地区', 'Region'],
  'matter.owner': ['牵头单位', 'Owner'],
  'matter.opened': ['发起', 'Opened'],
  'matter.updated': ['更新', 'Updated'],
  'matter.timeline': ['时间线', 'Timeline'],
  'matter.duties': ['义务', 'Duties'],
  'matter.children': ['下属事项', 'Under it'],
  'matter.record': ['内容', 'Content'],
  'matter.findings': ['迟报、谎报、瞒报、漏报线索', 'Signs of late, false, concealed or omitted reporting'],
  'matter.findings.none': ['记录中没有发现线索', 'The record shows none'],
  'matter.findings.people': ['只作线索，由人认定', 'Evidence only; people decide'],
  'matter.empty': ['还没有记录', 'Nothing yet'],
  'matter.from': ['起', 'From'],
  'matter.until': ['止', 'Until'],
  'receipt.title': ['送达与回执', 'Deliveries and receipts'],
  'receipt.peer': ['单位', 'Unit'],
  'receipt.state': ['状态', 'State'],
  'receipt.sent': ['发出', 'Sent'],
  'receipt.received': ['对方收到', 'Received there'],
  'receipt.why': ['说明', 'Why'],
  'receipt.tries': ['次数', 'Tries'],
  'receipt.none': ['此行为不发往其他节点', 'This act goes to no other node'],
  'doc.reporter': ['报告单位', 'Reporter'],
  'doc.parties': ['相关单位', 'Parties'],
  'doc.number': ['编号', 'Number'],
  'doc.assignee': ['承办单位', 'Assignee'],
  'doc.judged': ['人的判断', 'Judged'],
  'facts.happened': ['已经发生', 'It has happened'],
  'facts.cause': ['起因', 'Cause'],
  'facts.kinds': ['后果', 'Consequences'],
  'facts.leaked_users': ['泄露用户数', 'Users whose data leaked'],
  'facts.leaked_records': ['泄露记录数', 'Records leaked'],
  'facts.nationwide': ['全国范围', 'Nationwide'],
  'facts.provinces': ['涉及省份', 'Provinces'],
  'facts.prefectures': ['涉及地市', 'Prefectures'],
  'facts.judged': ['人的判断（条文未给数字）', "A person's judgement (the text gives no number)"],
  'facts.many_users_offline': ['大量用户无法正常上网', 'Many users cannot get online'],
  'facts.cn_tld_degraded': ['.CN 国家顶级域名系统解析效率大幅下降', '.CN resolution degraded a lot'],
  'facts.large_resolver_abnormal': ['大型域名解析系统访问异常', 'A large resolver is abnormal'],
  'facts.site_abnormal': ['重点网站严重异常', 'An important site is severely abnormal'],
  'facts.site_influence': ['网站影响力', 'Influence of the site'],
  'facts.virus_outbreak': ['大面积病毒爆发', 'A virus has broken out widely'],
  'facts.proposed': ['规则建议级别', 'Level that the rules propose'],
  'facts.none': ['未达到任何级别条件', 'No condition of a level is met'],
  'facts.missing': ['尚缺事实', 'Facts that are missing'],
  'facts.met': ['满足', 'met'],
  'facts.not_met': ['不满足', 'not met'],
  'facts.unknown': ['不明', 'unknown'],
  'facts.decides': ['系统只提建议，由人决定', 'The machine proposes, a person decides'],
}

export const WORDS = { ...COMMON, ...SCREEN_WORDS, ...VALUE_WORDS }

export type Language = 'zh' | 'en'
const KEPT = 'fengsui.language'

function first(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(KEPT)
  return asked === 'en' ? 'en' : 'zh'
}

function column(at: 0 | 1) {
  return Object.fromEntries(Object.entries(WORDS).map(([key, pair]) => [key, pair[at]]))
}

export const i18n = createI18n({
  legacy: false,
  locale: first(),
  flatJson: true,
  messages: { zh: column(0), en: column(1) },
})

export const language = computed(() => i18n.global.locale.value as Language)
export const { t, te } = i18n.global

export function speak(wanted: Language) {
  i18n.global.locale.value = wanted
  localStorage.setItem(KEPT, wanted)
  document.documentElement.lang = wanted === 'zh' ? 'zh-CN' : 'en'
}

/* What the node says in both languages. */
export function said(row: { zh?: string | null; en?: string | null } | null | undefined) {
  if (!row) return ''
  return (language.value === 'zh' ? row.zh : row.en) ?? row.zh ?? row.en ?? ''
}

/* The node writes some answers as "English（中文）". */
export function half(both: string) {
  const found = /^(.*?)（(.*)）$/s.exec(both)
  return found ? (language.value === 'zh' ? found[2] : found[1]) : both
}
