// pack.mjs DIST BUDGET: writes .gz and .br beside every file of DIST, prints what a browser will move, and fails
// when that is more than BUDGET allows (in kB of brotli): the entry with what it loads at once, any other script,
// everything together.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const [dist, budgetFile] = process.argv.slice(2)
const budget = JSON.parse(readFileSync(budgetFile, 'utf8'))

function pack(name) {
  const data = readFileSync(join(dist, name))
  const br = brotliCompressSync(data, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length },
  })
  writeFileSync(join(dist, `${name}.gz`), gzipSync(data, { level: 9 }))
  writeFileSync(join(dist, `${name}.br`), br)
  return { name, kb: br.length / 1000 }
}

const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !/\.(gz|br)$/.test(entry.name))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(dist.length + 1))
  .sort()
  .map(pack)

const page = readFileSync(join(dist, 'index.html'), 'utf8')
const first = files.filter(({ name }) => page.includes(name) && name.endsWith('.js'))
const later = files.filter((file) => !first.includes(file) && file.name.endsWith('.js'))
const sum = (list) => list.reduce((kb, file) => kb + file.kb, 0)
const largest = later.reduce((most, file) => (file.kb > most.kb ? file : most), { name: 'none', kb: 0 })

const rows = [
  ['entry', sum(first), budget.entry_kb],
  [`largest chunk, ${largest.name}`, largest.kb, budget.chunk_kb],
  ['total', sum(files), budget.total_kb],
]
for (const [what, kb, most] of rows) console.log(`console: ${what}: ${kb.toFixed(1)} of ${most} kB`)
const over = rows.filter(([, kb, most]) => kb > most)
if (first.length === 0) over.push(['entry'])
for (const [what] of over) console.error(`console: ${what} is over its budget (web/budget.json)`)
process.exit(over.length ? 1 : 0)
