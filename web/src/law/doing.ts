// Doing an act: sent once however often it is pressed, and told when it is on the ledger. An act that asks for nothing is
// done with one click; any other opens its form, filled in as far as the matter knows.
import { ElMessage } from 'element-plus'

import { call, newKey, Refusal, type CallArguments, type Operation } from '../api/client'
import { node } from '../api/session'
import { OPERATIONS } from '../made/api'
import { said, t } from '../words'
import { mayI, type Choice } from './acts'
import { unit } from './catalogue'
import { begin } from './shown'

export interface Submitted {
  act: string
  subject: string
  pos: number
}

export function requestOf(choice: Choice, body: Record<string, unknown>) {
  return { body, ...(choice.matter ? { path: { id: choice.matter.id } } : {}) } as CallArguments<Operation>
}

/* What another did in between is not overwritten: the act is on the revision that was looked at. Something new under a
 * matter has no revision yet. */
export async function send(choice: Choice, body: Record<string, unknown>, key: string): Promise<Submitted> {
  const rev = OPERATIONS[choice.operation].under ? undefined : choice.matter?.rev
  const answer = (await call(choice.operation, { ...requestOf(choice, body), rev, key })) as unknown as Submitted
  ElMessage({ message: `${said(choice.act)} · ${t('act.done')} · ${t('act.position')} ${answer.pos}`, type: 'success' })
  return answer
}

export function asksNothing(choice: Choice) {
  return choice.act.fields.every((field) => !field.required)
}

/* One click, or the form where something must be said, or where one click was refused. */
export async function doNow(choice: Choice) {
  if (!asksNothing(choice)) return open(choice)
  await send(choice, {}, newKey()).catch((why: Refusal) => {
    if (why.status !== 0) begin(choice)
  })
}

// --- what a form can be filled with ---

const OWN = ['level', 'colour', 'region'] as const
const GROUNDS = { none: 'own-decision', state: 'state', 'leading-group': 'leading-group' } as const

/* The ground on which this node may do it: the law says, by its powers. */
async function ground(choice: Choice, body: Record<string, unknown>) {
  for (const [basis, word] of Object.entries(GROUNDS)) {
    const power = await mayI(choice.act, { ...body, basis: basis === 'none' ? word : basis })
    if (power?.allowed) return word
  }
  return undefined
}

const FILLED: Record<string, () => unknown> = {
  starts: () => new Date().toISOString(),
  when: () => new Date().toISOString(),
  issuer: () => unit(node.value),
}

/* Opens the form with what the matter, the clock and the law know already. */
export async function open(choice: Choice, given: Record<string, unknown> = {}) {
  const body: Record<string, unknown> = { ...given }
  for (const field of choice.act.fields) {
    const { name, required } = field
    const known = OWN.find((own) => own === name)
    if (body[name] !== undefined) continue
    if (known && choice.matter?.[known] && choice.act.creates) body[name] = choice.matter[known]
    if (required && FILLED[name]) body[name] = FILLED[name]()
  }
  if (choice.act.fields.some((field) => field.name === 'basis')) body.basis ??= await ground(choice, { ...choice.matter, ...body })
  begin(choice, body)
}
