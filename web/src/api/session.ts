// Who is at this browser, and which node this is: a person by a session (its secret is in a cookie that no script can read),
// or a token pasted in, kept in this tab only.
import { computed, reactive, readonly } from 'vue'

import { authorise, call, remedies, type Schemas } from './client'

type Session = Schemas['Session']
const TOKEN = 'fengsui.token' // of this tab
const ENTERED = 'fengsui.entered' // in this browser: is a session worth asking for

const state = reactive({
  token: sessionStorage.getItem(TOKEN) ?? '',
  person: null as Session | null,
  self: null as Schemas['Self'] | null,
  locked: false,
  confirming: null as ((confirmed: boolean) => void) | null, // a marked act waits for a code
})

export const session = readonly(state)
export const signedIn = computed(() => state.self !== null)
export const node = computed(() => state.self?.node ?? '')
export const tier = computed(() => state.self?.card?.tier ?? 'enterprise')
export const region = computed(() => state.self?.card?.region ?? '')

/* May this be asked for? Of a token it is not known beforehand: the node says. */
export function permitted(permission: string) {
  return !state.person || permission === 'none' || state.person.permits.some((permit) => permit === permission)
}

function forget() {
  sessionStorage.removeItem(TOKEN)
  localStorage.removeItem(ENTERED)
  authorise({})
  Object.assign(state, { token: '', person: null, self: null, locked: false })
}

export async function signInByToken(token: string) {
  authorise({ token })
  state.self = await call('getSelf')
  state.token = token
  sessionStorage.setItem(TOKEN, token)
}

/* Takes a session as the node tells it: after logging in, unlocking, another post. */
async function hold(person: Session) {
  authorise({ csrf: person.csrf })
  state.person = person
  state.locked = person.locked
  localStorage.setItem(ENTERED, 'yes')
  if (!person.locked && !person.must_change) state.self = await call('getSelf')
}

export const signIn = async (body: Schemas['Login']) => hold(await call('openSession', { body }))
export const unlock = async (password: string) => hold(await call('unlockSession', { body: { password } }))
export const takePost = async (post: string) => hold(await call('takePost', { body: { post } }))
export const changePassword = async (old: string, next: string) =>
  hold(await call('changePassword', { body: { old, new: next } }))
export const enrol = async (code: string) => hold(await call('enrolAuthenticator', { body: { code } }))

export async function lock() {
  await call('lockSession')
  state.locked = true
}

export async function signOut() {
  if (state.person) await call('closeSession').catch(() => {})
  forget()
}

/* After a reload, with what there is. */
export async function resume() {
  if (state.token) await signInByToken(state.token).catch(forget)
  else if (localStorage.getItem(ENTERED)) await call('getSession').then(hold).catch(forget)
}

// --- remedies ---

remedies.authentication = async () => {
  if (state.self) forget()
  return false
}
remedies.locked = async () => {
  state.locked = true // the page stays under the lock, with what was typed
  return false
}
remedies['second-factor'] = () => new Promise((done) => (state.confirming = done))

/* The code of the authenticator for the act that waits; null: the person thought better of it. */
export async function confirm(code: string | null) {
  if (code !== null) state.person = await call('confirmSession', { body: { code } })
  state.confirming?.(code !== null)
  state.confirming = null
}

// --- presence: the node locks a session where nobody is ---

const TELL_MS = 60_000
let told = 0
function present() {
  if (!state.person || state.locked || Date.now() - told < TELL_MS) return
  told = Date.now()
  void call('touchSession').catch(() => {})
}
for (const sign of ['pointerdown', 'keydown']) addEventListener(sign, present, { passive: true })
