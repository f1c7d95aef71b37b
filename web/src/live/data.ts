// What a screen shows: asked for when it opens, and again when an act is recorded that it cares about.
import { onScopeDispose, ref, shallowRef, watch } from 'vue'

import { call, Refusal, type Answer, type CallArguments, type Operation } from '../api/client'
import { onAct } from './live'

const SETTLE_MS = 200 // a batch of acts is one reload

/* args gives null when there is nothing to ask. cares: a prefix of the kinds of acts that change the answer. */
export function useData<K extends Operation>(operation: K, args: () => CallArguments<K> | null, cares = '') {
  const data = shallowRef<Answer<K> | null>(null)
  const refusal = shallowRef<Refusal | null>(null)
  const loading = ref(false)
  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function reload() {
    const mine = ++asked
    const wanted = args()
    if (!wanted) {
      data.value = null
      return
    }
    loading.value = true
    try {
      const answer = await call(operation, wanted)
      if (mine !== asked) return
      data.value = answer
      refusal.value = null
    } catch (why) {
      if (mine === asked) refusal.value = why as Refusal
    }
    if (mine === asked) loading.value = false
  }

  const stop = onAct((event) => {
    if (!event.kind.startsWith(cares)) return
    clearTimeout(timer)
    timer = setTimeout(reload, SETTLE_MS)
  })
  onScopeDispose(() => {
    stop()
    clearTimeout(timer)
  })
  watch(() => JSON.stringify(args()), reload, { immediate: true })
  return { data, refusal, loading, reload }
}
