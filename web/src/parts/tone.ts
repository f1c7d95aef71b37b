// A tone like a desk phone: two short notes, made here, so that nothing is fetched.
import { computed, shallowRef } from 'vue'

const NOTES = [
  { hz: 880, at: 0 },
  { hz: 660, at: 0.22 },
  { hz: 880, at: 0.44 },
]
const NOTE_S = 0.18

const audio = shallowRef<AudioContext | null>(null)
export const sounding = computed(() => audio.value !== null)

export function startWatch() {
  audio.value = new AudioContext()
  sound()
}

export function stopWatch() {
  void audio.value?.close()
  audio.value = null
}

export function sound() {
  const context = audio.value
  if (!context) return
  for (const note of NOTES) {
    const oscillator = context.createOscillator()
    const gain = context.createGain()
    const begin = context.currentTime + note.at
    oscillator.frequency.value = note.hz
    gain.gain.setValueAtTime(0.25, begin)
    gain.gain.exponentialRampToValueAtTime(0.001, begin + NOTE_S)
    oscillator.connect(gain).connect(context.destination)
    oscillator.start(begin)
    oscillator.stop(begin + NOTE_S)
  }
}
