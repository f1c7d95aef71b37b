// Which duties press: those past their time, those with a time, those owed 立即 or 及时. The rest are standing obligations.
import type { Schemas } from '../api/client'

type Duty = Schemas['Duty']
const PRESSING = ['immediate', 'prompt']

export function presses(duty: Duty) {
  return duty.standing === 'overdue' || duty.due !== null || PRESSING.includes(duty.deadline)
}

const FAR = Number.MAX_SAFE_INTEGER
function rank(duty: Duty) {
  if (duty.standing === 'overdue') return [0, Date.parse(duty.due ?? duty.opened ?? '')]
  const at = PRESSING.indexOf(duty.deadline)
  if (at >= 0) return [1 + at, Date.parse(duty.opened ?? '')]
  return [3, duty.due ? Date.parse(duty.due) : FAR]
}

export function byUrgency(a: Duty, b: Duty) {
  const [[class_, time], [otherClass, otherTime]] = [rank(a), rank(b)]
  return class_ - otherClass || time - otherTime
}
