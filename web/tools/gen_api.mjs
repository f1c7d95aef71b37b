// gen_api.mjs OPENAPI OUT: the typed client's tables. From the expanded contract it makes a TypeScript type for
// every schema and a row for every operation; src/api/client.ts does the rest.
import { readFileSync, writeFileSync } from 'node:fs'

const [openapi, out] = process.argv.slice(2)
const contract = JSON.parse(readFileSync(openapi, 'utf8'))
const { schemas, parameters, responses } = contract.components

const words = (text) => JSON.stringify(text)
const nameOf = (reference) => reference.slice(reference.lastIndexOf('/') + 1)
const follow = (node, table) => (node.$ref ? table[nameOf(node.$ref)] : node)

const SIMPLE = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null' }

function objectType(schema) {
  const required = new Set(schema.required ?? [])
  const members = Object.entries(schema.properties ?? {}).map(
    ([name, member]) => `${words(name)}${required.has(name) ? '' : '?'}: ${type(member)}`,
  )
  const rest = schema.additionalProperties
  if (rest && typeof rest === 'object') return `Record<string, ${type(rest)}>`
  if (members.length === 0) return 'Record<string, unknown>'
  return `{ ${members.join('; ')} }`
}

function type(schema) {
  if (schema.$ref) return `Schemas[${words(nameOf(schema.$ref))}]`
  if (schema.allOf) return schema.allOf.map(type).join(' & ')
  if (schema.anyOf) return schema.anyOf.map(type).join(' | ')
  if ('const' in schema) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const kinds = [schema.type ?? 'object'].flat()
  return kinds
    .map((kind) => {
      if (kind === 'array') return `Array<${type(schema.items ?? {})}>`
      return kind === 'object' ? objectType(schema) : SIMPLE[kind]
    })
    .join(' | ')
}

const bodyOf = (operation) => operation.requestBody?.content?.['application/json']?.schema
function answerOf(operation) {
  const code = Object.keys(operation.responses).find((status) => status.startsWith('2'))
  const content = follow(operation.responses[code], responses).content ?? {}
  const [media] = Object.keys(content)
  return media === 'application/json' ? type(content[media].schema) : media ? 'string' : 'null'
}

const types = []
const rows = []
for (const [path, methods] of Object.entries(contract.paths)) {
  for (const [method, operation] of Object.entries(methods)) {
    const given = (operation.parameters ?? []).map((parameter) => follow(parameter, parameters))
    const shape = (where) =>
      given
        .filter((parameter) => parameter.in === where)
        .map(({ name, required, schema }) => `${words(name)}${required ? '' : '?'}: ${type(schema)}`)
        .join('; ')
    const body = bodyOf(operation)
    types.push(
      `  ${operation.operationId}: { path: { ${shape('path')} }; query: { ${shape('query')} }; ` +
        `body: ${body ? type(body) : 'undefined'}; answer: ${answerOf(operation)} }`,
    )
    const act = operation['x-act'] ? `, act: ${words(operation['x-act'])}` : ''
    const under = operation['x-id'] === 'parent' ? ', under: true' : ''
    const permission = operation['x-permission'] ?? 'none'
    rows.push(
      `  ${operation.operationId}: { method: ${words(method.toUpperCase())}, path: ${words(path)}, ` +
        `permission: ${words(permission)}${act}${under} },`,
    )
  }
}

writeFileSync(
  out,
  `// Made by tools/gen_api.mjs from the contract of the API.
export interface Schemas {
${Object.entries(schemas)
  .map(([name, schema]) => `  ${words(name)}: ${type(schema)}`)
  .join('\n')}
}

export interface Operations {
${types.join('\n')}
}

export interface OperationRow {
  method: string
  path: string
  permission: string
  act?: string // the kind of act that it makes
  under?: boolean // {id} is what the new matter hangs under
}

export const OPERATIONS: Record<keyof Operations, OperationRow> = {
${rows.join('\n')}
}
`,
)
