// What can be done with a matter, by this node, now; and where that is not so, why and under which clause. The node
// decides in the end: this only spares people a form that would be refused.
import { call, operationOf, type Operation, type Schemas } from '../api/client'
import { node, permitted, region, tier } from '../api/session'
import { OPERATIONS } from '../made/api'
import { catalogue, type Act } from './catalogue'

export type Matter = Schemas['Matter']
export type Power = Schemas['Power']

export interface Choice {
  act: Act
  operation: Operation
  matter: Matter | null
  why: string // a word of words/; '' = it can be done
}

const RELATIONS: Record<Act['by'], { holds: (matter: Matter) => boolean; why: string }> = {
  anyone: { holds: () => true, why: '' },
  party: { holds: () => true, why: '' },
  owner: { holds: (matter) => matter.owner === node.value, why: 'act.notOwner' },
  addressee: { holds: (matter) => matter.owner !== node.value, why: 'act.notParty' },
  assignee: { holds: (matter) => matter.doc?.assignee === node.value, why: 'act.notAssignee' },
  offered: { holds: (matter) => offeredTo(matter) === node.value, why: 'act.notOffered' },
  system: { holds: () => false, why: 'act.bySystem' },
}

function offeredTo(matter: Matter) {
  const transfer = matter.doc?.transfer as { to?: string; accepted?: string } | undefined
  return transfer?.accepted ? undefined : transfer?.to
}

function hindrance(act: Act, matter: Matter, operation: Operation) {
  if (!permitted(OPERATIONS[operation].permission)) return 'act.noPermit'
  if (act.from.length > 0 && !act.from.includes(matter.state.name)) return 'act.notNow'
  return RELATIONS[act.by].holds(matter) ? '' : RELATIONS[act.by].why
}

/* Acts on the matter itself, possible ones first. */
export function choices(matter: Matter): Choice[] {
  const common = catalogue.types.get('*')?.acts ?? []
  return [...(catalogue.types.get(matter.type)?.acts ?? []), ...common]
    .filter((act) => act.by !== 'system')
    .flatMap((act) => {
      const operation = operationOf(act.kind, 'on')
      return operation ? [{ act, operation, matter, why: hindrance(act, matter, operation) }] : []
    })
    .sort((a, b) => Number(a.why !== '') - Number(b.why !== ''))
}

/* Acts that make something under the matter: a response under an incident, an order under a response. */
export function choicesUnder(matter: Matter): Choice[] {
  const under = [...catalogue.types.values()].filter((type) => type.parent === matter.type || type.type === 'order')
  return under
    .flatMap((type) => type.acts)
    .flatMap((act) => {
      const operation = operationOf(act.kind, 'under')
      return operation && hasOrders(act, matter) ? [{ act, operation, matter, why: withheld(operation) }] : []
    })
}

function hasOrders(act: Act, matter: Matter) {
  return act.kind !== 'order.issued' || ['response', 'warning'].includes(matter.type)
}

/* Acts that make a matter of this type out of nothing. */
export function choicesNew(type: string): Choice[] {
  return (catalogue.types.get(type)?.acts ?? []).flatMap((act) => {
    const operation = operationOf(act.kind, 'new')
    return act.creates && operation ? [{ act, operation, matter: null, why: withheld(operation) }] : []
  })
}

function withheld(operation: Operation) {
  return permitted(OPERATIONS[operation].permission) ? '' : 'act.noPermit'
}

// --- powers ---

const BASES = ['none', 'state', 'leading-group'] as const
type Basis = (typeof BASES)[number]
const SCALES = ['level', 'colour'] as const
const asked = new Map<string, Promise<Power | null>>()

function ask(power: string, body: Record<string, unknown>, basis: Basis): Promise<Power | null> {
  const query = {
    act: power,
    tier: tier.value,
    region: region.value || undefined,
    level: body.level as 'I' | undefined,
    colour: body.colour as 'red' | undefined,
    target_region: (body.region as string | undefined) || undefined,
    basis,
  }
  const key = JSON.stringify(query)
  const known = asked.get(key) ?? call('askPower', { query }).catch(() => null)
  asked.set(key, known)
  return known
}

/* Is the question whole: does the body say the level or the colour that the answer turns on? */
function whole(act: Act, body: Record<string, unknown>) {
  const scales = act.fields.filter((field) => SCALES.includes(field.name as 'level') && field.required)
  return scales.length ? scales.every((field) => body[field.name]) : SCALES.some((name) => body[name])
}

/* Is it within this node's power? null: no pack speaks of it, or it cannot be said yet. */
export async function mayI(act: Act, body: Record<string, unknown>): Promise<Power | null> {
  if (!act.power || !catalogue.powers.has(act.power) || !whole(act, body)) return null
  const based = act.fields.some((field) => field.name === 'basis')
  const given = BASES.find((basis) => basis === body.basis)
  if (!based || body.basis) return ask(act.power, body, given ?? 'none')
  const answers = await Promise.all(BASES.map((basis) => ask(act.power!, body, basis)))
  return answers.find((answer) => answer?.allowed) ?? answers[0]
}
