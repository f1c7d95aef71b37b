// What can be done on this node: types, states, acts and fields, as the node's catalogue says; and the regions, units
// and values by their names. Read once after signing in.
import { reactive, readonly } from 'vue'

import { call, type Schemas } from '../api/client'
import { said, t, te } from '../words'

export interface Field {
  name: string
  type: string
  required: boolean
  secret: boolean
  zh: string
  en: string
  clause?: string
  of?: string
  max?: number
  min?: number
  values?: string[]
}

export interface Act {
  kind: string
  zh: string
  en: string
  creates: boolean
  from: string[]
  to: string | null
  by: 'anyone' | 'owner' | 'party' | 'addressee' | 'assignee' | 'offered' | 'system'
  power: string | null
  clause: string | null
  fields: Field[]
}

export interface Type {
  type: string
  zh: string
  en: string
  parent: string | null
  states: { name: string; zh: string; en: string; initial: boolean; final: boolean }[]
  acts: Act[]
}

type Named = { zh: string; en: string }

const state = reactive({
  types: new Map<string, Type>(),
  acts: new Map<string, Act & { subject: string }>(),
  regions: new Map<string, string>(),
  provinces: [] as { code: string; name: string }[],
  cards: new Map<string, Schemas['Card']>(),
  packs: [] as Schemas['Pack'][],
  values: new Map<string, Named>(),
  powers: new Set<string>(), // of which some pack speaks
})
export const catalogue = readonly(state) as typeof state

export const mainPack = () => state.packs.find((pack) => pack.main)?.id ?? state.packs[0]?.id ?? ''

export async function learn() {
  const [types, regions, packs, cards] = await Promise.all([
    call('getCatalogue'),
    call('listRegions'),
    call('listPacks'),
    call('listDirectory'),
  ])
  state.types = new Map((types.items as unknown as Type[]).map((type) => [type.type, type]))
  state.acts = new Map(
    [...state.types.values()].flatMap((type) => type.acts.map((act) => [act.kind, { ...act, subject: type.type }])),
  )
  state.regions = new Map(regions.items.map((region) => [region.code, region.name]))
  state.provinces = regions.items.filter((region) => region.kind === 'province')
  state.packs = packs.items
  state.cards = new Map(cards.items.map((card) => [card.id, card]))
  const [enums, ...powers] = await Promise.all([
    call('listEnums', { path: { pack: mainPack() } }),
    ...packs.items.map(({ id }) => call('listPowers', { path: { pack: id } })),
  ])
  state.powers = new Set(powers.flatMap(({ items }) => items.map((row) => String((row as { act?: string }).act))))
  const rows = enums.items as unknown as { values: (Named & { id: string })[] }[]
  state.values = new Map(rows.flatMap((row) => row.values.map((value) => [value.id, value])))
}

/* The name of a unit: a node of the directory, or a party outside. */
export function unit(id: string | null | undefined) {
  if (!id) return '—'
  return state.cards.get(id)?.name ?? (te(`value.${id}`) ? t(`value.${id}`) : id)
}

export function place(code: string | null | undefined) {
  return code ? (state.regions.get(code) ?? code) : '—'
}

/* A value of an enumeration, as people say it. */
export function valueName(value: unknown) {
  const text = String(value)
  return te(`value.${text}`) ? t(`value.${text}`) : said(state.values.get(text)) || text
}

export function typeName(type: string) {
  return said(state.types.get(type)) || type
}

export function actName(kind: string) {
  return said(state.acts.get(kind)) || kind
}

/* The field of any act of a type that bears this name: what a matter's document calls it. */
export function fieldOf(type: string, name: string): Field | undefined {
  for (const act of state.types.get(type)?.acts ?? []) {
    const field = act.fields.find((row) => row.name === name)
    if (field) return field
  }
  return undefined
}
