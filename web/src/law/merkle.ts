// A place in a Merkle tree, recomputed as RFC 9162 (2.1.3.2) says: leaf = H(0 ‖ act), node = H(1 ‖ left ‖ right).
import type { Schemas } from '../api/client'
import { sm3 } from './sm3'

type Hash = (bytes: Uint8Array) => Promise<Uint8Array>
const HASHES: Record<string, Hash> = {
  'p256-sha256': async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource)),
  'sm2-sm3': async (bytes) => sm3(bytes),
}

function joined(...parts: Uint8Array[]) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)
const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16))
const hexOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/* Does the path lead from these bytes at that place to the root of that head? */
export async function provenIn(proof: Schemas['ActProof'], act: string): Promise<boolean> {
  const hash = HASHES[proof.head.suite]
  let place = proof.pos
  let last = proof.head.size - 1
  if (!hash || place > last) return false
  let root = await hash(joined(LEAF, new TextEncoder().encode(act)))
  for (const step of proof.path) {
    if (last === 0) return false
    if (place % 2 === 1 || place === last) {
      root = await hash(joined(NODE, bytesOf(step), root))
      while (place % 2 === 0 && place !== 0) [place, last] = [Math.floor(place / 2), Math.floor(last / 2)]
    } else {
      root = await hash(joined(NODE, root, bytesOf(step)))
    }
    place = Math.floor(place / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && hexOf(root) === proof.head.root
}
