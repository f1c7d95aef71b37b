// Who is at this browser, and which node this is. The token is in this tab's memory and sessionStorage only.
import { computed, reactive, readonly } from 'vue'

import { authorise, call, type Schemas } from './client'

const KEPT = 'fengsui.token'

const state = reactive({
  token: sessionStorage.getItem(KEPT) ?? '',
  self: null as Schemas['Self'] | null,
})

export const session = readonly(state)
export const signedIn = computed(() => state.self !== null)
export const node = computed(() => state.self?.node ?? '')
export const tier = computed(() => state.self?.card?.tier ?? 'enterprise')
export const region = computed(() => state.self?.card?.region ?? '')

export function signOut() {
  sessionStorage.removeItem(KEPT)
  authorise('', () => {})
  state.token = ''
  state.self = null
}

/* Asks the node who it is; throws a Refusal when the token is not known. */
export async function signIn(token: string) {
  authorise(token, signOut)
  state.self = await call('getSelf')
  state.token = token
  sessionStorage.setItem(KEPT, token)
}

/* After a reload: with what this tab has kept. */
export async function resume() {
  if (state.token) await signIn(state.token).catch(signOut)
}
