// SM3 (GB/T 32905-2016). Browsers have no SM3 of their own.
const rotate = (x: number, n: number) => (x << n) | (x >>> (32 - n))
const p0 = (x: number) => x ^ rotate(x, 9) ^ rotate(x, 17)
const p1 = (x: number) => x ^ rotate(x, 15) ^ rotate(x, 23)
const START = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e]

function expanded(block: DataView) {
  const w = new Int32Array(68)
  for (let j = 0; j < 16; j++) w[j] = block.getInt32(4 * j)
  for (let j = 16; j < 68; j++)
    w[j] = p1(w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15)) ^ rotate(w[j - 13], 7) ^ w[j - 6]
  return w
}

function compress(v: Int32Array, block: DataView) {
  const w = expanded(block)
  let [a, b, c, d, e, f, g, h] = v
  for (let j = 0; j < 64; j++) {
    const early = j < 16
    const ss1 = rotate((rotate(a, 12) + e + rotate(early ? 0x79cc4519 : 0x7a879d8a, j % 32)) | 0, 7)
    const ss2 = ss1 ^ rotate(a, 12)
    const ff = early ? a ^ b ^ c : (a & b) | (a & c) | (b & c)
    const gg = early ? e ^ f ^ g : (e & f) | (~e & g)
    const tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) | 0
    const tt2 = (gg + h + ss1 + w[j]) | 0
    ;[d, c, b, a] = [c, rotate(b, 9), a, tt1]
    ;[h, g, f, e] = [g, rotate(f, 19), e, p0(tt2)]
  }
  ;[a, b, c, d, e, f, g, h].forEach((word, at) => (v[at] ^= word))
}

export function sm3(bytes: Uint8Array): Uint8Array {
  const size = Math.ceil((bytes.length + 9) / 64) * 64
  const padded = new Uint8Array(size)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(size - 8, Math.floor(bytes.length / 0x20000000))
  view.setUint32(size - 4, (bytes.length << 3) >>> 0)
  const v = Int32Array.from(START)
  for (let at = 0; at < size; at += 64) compress(v, new DataView(padded.buffer, at, 64))
  const out = new DataView(new ArrayBuffer(32))
  v.forEach((word, at) => out.setInt32(4 * at, word))
  return new Uint8Array(out.buffer)
}
