// Night or day: what the machine prefers, until somebody chooses.
import { readonly, ref } from 'vue'

const KEPT = 'fengsui.dark'
const kept = localStorage.getItem(KEPT)
const is = ref(kept === null ? matchMedia('(prefers-color-scheme: dark)').matches : kept === 'yes')

function apply() {
  document.documentElement.classList.toggle('dark', is.value)
}
apply()

export const dark = readonly(is)
export function toggleDark() {
  is.value = !is.value
  localStorage.setItem(KEPT, is.value ? 'yes' : 'no')
  apply()
}
