// What a tab knows of the live stream: is it fresh, and whoever wants to hear of acts.
import { computed, reactive, readonly } from 'vue'

import { now } from './clock'
import { follow, type LiveEvent, type Told } from './stream'

const STALE_MS = 35_000 // the node says something every 15 s

const state = reactive({ at: 0, connected: false })
const listeners = new Set<(event: LiveEvent) => void>()
let leave = () => {}

export const live = readonly(state)
export const stale = computed(() => state.at === 0 || !state.connected || now.value - state.at > STALE_MS)

function hear(told: Told) {
  state.connected = told.type !== 'lost'
  if (told.type !== 'lost') state.at = Date.now()
  if (told.type === 'event') for (const listener of listeners) listener(told.event)
}

/* Calls back for every act that is recorded here; gives what ends it. */
export function onAct(listener: (event: LiveEvent) => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function share(token: string) {
  const worker = new SharedWorker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'fengsui' })
  const gone = () => worker.port.postMessage({ type: 'leave' })
  worker.port.onmessage = ({ data }) => hear(data)
  worker.port.postMessage({ type: 'listen', token })
  addEventListener('pagehide', gone)
  return () => {
    removeEventListener('pagehide', gone)
    gone()
  }
}

export function listen(token: string) {
  leave()
  leave = 'SharedWorker' in globalThis ? share(token) : follow(token, hear)
}

export function silence() {
  leave()
  leave = () => {}
  Object.assign(state, { at: 0, connected: false })
}
