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

let token = ''
let whenUnknown = () => {}

/* The token that calls are made with; what to do when the node does not know it any more. */
export function authorise(with_: string, unknown: () => void) {
  token = with_
  whenUnknown = unknown
}

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

function head<K extends Operation>(args: CallArguments<K>) {
  const fields: Record<string, string> = {}
  if (token) fields.Authorization = `Bearer ${token}`
  if (args.body !== undefined) fields['Content-Type'] = 'application/json'
  if (args.key) fields['Idempotency-Key'] = args.key
  if (args.rev !== undefined) fields['If-Match'] = `"r${args.rev}"`
  return fields
}

async function refusal(response: Response) {
  const unreadable = { type: '', title: response.statusText, status: response.status, detail: '', hint: '' }
  const problem = (await response.json().catch(() => unreadable)) as Schemas['Problem']
  if (response.status === 401) whenUnknown()
  return new Refusal(problem, response.status)
}

export async function call<K extends Operation>(operation: K, args: CallArguments<K> = {}): Promise<Answer<K>> {
  const response = await fetch(address(operation, args), {
    method: OPERATIONS[operation].method,
    headers: head(args),
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

/* Which operation makes this act: on a matter, under a matter, or of its own. */
export function operationOf(act: string, how: 'new' | 'on' | 'under'): Operation | undefined {
  return (Object.keys(OPERATIONS) as Operation[]).find((name) => {
    const row = OPERATIONS[name]
    const place = row.under ? 'under' : row.path.includes('{id}') ? 'on' : 'new'
    return row.act === act && place === how
  })
}
