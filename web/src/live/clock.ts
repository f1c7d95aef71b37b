// One clock for every countdown on the page, and how times are written: 2026-11-20 14:05:09, Beijing time.
import { readonly, ref } from 'vue'

const tick = ref(Date.now())
export const now = readonly(tick)
setInterval(() => (tick.value = Date.now()), 1000)

const BEIJING = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
})

export function written(time: string | number | null | undefined, part: 'all' | 'day' | 'minute' = 'all') {
  if (!time) return '—'
  const text = BEIJING.format(typeof time === 'number' ? time : Date.parse(time))
  return part === 'day' ? text.slice(0, 10) : part === 'minute' ? text.slice(0, 16) : text
}

/* 2 d 03:04:05; the sign is the caller's to say. */
export function span(ms: number) {
  const seconds = Math.floor(Math.abs(ms) / 1000)
  const two = (n: number) => String(n).padStart(2, '0')
  const clock = `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  const days = Math.floor(seconds / 86400)
  return days > 0 ? `${days} d ${clock}` : clock
}
