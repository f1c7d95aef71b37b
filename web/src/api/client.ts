// The API as typed calls: call('listIncidents', { query: { level: 'III' } }). Everything that fails is a Refusal.
import { OPERATIONS, type Operations, type Schemas } from '../made/api'

export type { Operations, Schemas } from '../made/api'
export type Operation = keyof Operations
export type Answer<K extends Operation> = Operations[K]['answer']

export interface CallArguments<K extends Operation> {
  path?: Operations[K]['path']
  query?: Operations[K]['query']
  body?: Operations[K]['body']
  rev?: number // of the matter that was looked at: another's act in between is not overwritten
  key?: string // the same act sent twice with one key is done once
}

export class Refusal extends Error {
  constructor(
    readonly problem: Schemas['Problem'],
    readonly status: number,
  ) {
    super(problem.detail || problem.title)
  }
}

// What calls are made with: a token, or a session whose secret is in a cookie and whose csrf goes with every change.
const credentials = { token: '', csrf: '' }
export function authorise(with_: Partial<typeof credentials>) {
  Object.assign(credentials, { token: '', csrf: '' }, with_)
}

// What is done about refusals that concern the person and not the act, by kind of problem. `true`: send it again.
export const remedies: Record<string, () => Promise<boolean>> = {}

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/* Path and query of an operation; also for showing it as a command. */
export function address<K extends Operation>(operation: K, args: CallArguments<K> = {}) {
  const values = (args.path ?? {}) as Record<string, string>
  const path = OPERATIONS[operation].path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name]))
  const query = Object.entries((args.query ?? {}) as Record<string, unknown>)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return query.length ? `${path}?${query.join('&')}` : path
}

function head<K extends Operation>(method: string, args: CallArguments<K>) {
  const fields: Record<string, string> = {}
  if (credentials.token) fields.Authorization = `Bearer ${credentials.token}`
  if (credentials.csrf && method !== 'GET') fields['X-CSRF-Token'] = credentials.csrf
  if (args.body !== undefined) fields['Content-Type'] = 'application/json'
  if (args.key) fields['Idempotency-Key'] = args.key
  if (args.rev !== undefined) fields['If-Match'] = `"r${args.rev}"`
  return fields
}

async function refusal(response: Response) {
  const unreadable = { type: '', title: response.statusText, status: response.status, detail: '', hint: '' }
  const problem = (await response.json().catch(() => unreadable)) as Schemas['Problem']
  return new Refusal(problem, response.status)
}

async function once<K extends Operation>(operation: K, args: CallArguments<K>): Promise<Answer<K>> {
  const { method } = OPERATIONS[operation]
  const response = await fetch(address(operation, args), {
    method,
    headers: head(method, args),
    body: args.body === undefined ? undefined : JSON.stringify(args.body),
    cache: 'no-store',
  }).catch((why: Error) => {
    throw new Refusal({ type: 'unreachable', title: 'unreachable', status: 0, detail: why.message, hint: '' }, 0)
  })
  if (!response.ok) throw await refusal(response)
  if (response.status === 204) return null as Answer<K>
  const media = response.headers.get('Content-Type') ?? ''
  return (media.includes('json') ? response.json() : response.text()) as Promise<Answer<K>>
}

export async function call<K extends Operation>(operation: K, args: CallArguments<K> = {}): Promise<Answer<K>> {
  try {
    return await once(operation, args)
  } catch (why) {
    const remedy = remedies[(why as Refusal).problem.type.replace('/problems/', '')]
    if (OPERATIONS[operation].permission === 'open' || !remedy || !(await remedy())) throw why
    return once(operation, args)
  }
}

/* Which operation makes this act: on a matter, under a matter, or of its own. */
export function operationOf(act: string, how: 'new' | 'on' | 'under'): Operation | undefined {
  return (Object.keys(OPERATIONS) as Operation[]).find((name) => {
    const row = OPERATIONS[name]
    const place = row.under ? 'under' : row.path.includes('{id}') ? 'on' : 'new'
    return row.act === act && place === how
  })
}
