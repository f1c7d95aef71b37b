// Every screen, a row each: where it is, what it is called, in which group of the navigation, and what it shows. The
// screens that list matters of one type are one component with a row's worth of difference.
import type { RouteRecordRaw } from 'vue-router'

import type { Operation } from '../api/client'
import type { Column } from '../parts/Matters.vue'

export interface ListRow {
  type: string
  columns: readonly Column[]
  filters?: readonly ('level' | 'colour' | 'region')[]
}

interface ScreenRow {
  path: string
  name: string
  group?: 'watch' | 'act' | 'ready' | 'prove' | 'node' // none: not in the navigation
  show: () => Promise<unknown>
  list?: ListRow
  bare?: boolean // without the frame
  operation?: Operation
}

const list = () => import('./List.vue')
const COMMON = ['title', 'state', 'owner', 'updated'] as const

export const SCREENS: ScreenRow[] = [
  { path: '/desk', name: 'desk', group: 'watch', show: () => import('./Desk.vue') },
  { path: '/incidents/new', name: 'report', group: 'watch', show: () => import('./Report.vue') },
  { path: '/map', name: 'map', group: 'watch', show: () => import('./Map.vue') },
  { path: '/wall', name: 'wall', group: 'watch', bare: true, show: () => import('./Wall.vue') },

  {
    path: '/incidents',
    name: 'incidents',
    group: 'act',
    show: list,
    list: {
      type: 'incident',
      columns: ['level', 'title', 'state', 'region', 'owner', 'opened', 'updated'],
      filters: ['level', 'region'],
    },
  },
  {
    path: '/warnings',
    name: 'warnings',
    group: 'act',
    show: list,
    list: { type: 'warning', columns: ['level', 'title', 'state', 'region', 'owner', 'opened'], filters: ['colour', 'region'] },
  },
  { path: '/risk-tips', name: 'risktips', group: 'act', show: list, list: { type: 'risktip', columns: COMMON } },
  {
    path: '/responses',
    name: 'responses',
    group: 'act',
    show: list,
    list: { type: 'response', columns: ['level', 'title', 'state', 'region', 'owner', 'opened'], filters: ['level'] },
  },
  { path: '/orders', name: 'orders', group: 'act', show: list, list: { type: 'order', columns: COMMON } },
  { path: '/supports', name: 'supports', group: 'act', show: list, list: { type: 'support', columns: COMMON } },
  { path: '/releases', name: 'releases', group: 'act', show: list, list: { type: 'release', columns: COMMON } },

  ...['plan', 'drill', 'roster', 'contact', 'team', 'expert', 'talent', 'tool', 'responsibility', 'training'].map(
    (type): ScreenRow => {
      const name = type === 'responsibility' ? 'responsibilities' : `${type}s`
      return { path: `/${name}`, name, group: 'ready', show: list, list: { type, columns: COMMON } }
    },
  ),

  { path: '/duties', name: 'duties', group: 'prove', show: () => import('./DutyList.vue') },
  { path: '/statistics', name: 'statistics', group: 'prove', show: () => import('./Statistics.vue') },
  { path: '/audit', name: 'audit', group: 'prove', show: () => import('./Audit.vue') },
  { path: '/rules', name: 'rules', group: 'prove', show: () => import('./Rules.vue') },
  { path: '/peers', name: 'peers', group: 'node', show: () => import('./Peers.vue') },
  { path: '/users', name: 'users', group: 'node', show: list, list: { type: 'user', columns: COMMON } },
  { path: '/posts', name: 'posts', group: 'node', show: list, list: { type: 'post', columns: COMMON } },
  { path: '/account', name: 'account', group: 'node', show: () => import('./Account.vue') },
  { path: '/tokens', name: 'tokens', group: 'node', show: () => import('./Tokens.vue') },
  { path: '/status', name: 'status', group: 'node', show: () => import('./Status.vue') },
  { path: '/help', name: 'help', group: 'node', show: () => import('./Help.vue') },

  { path: '/matters/:id', name: 'matter', show: () => import('./Matter.vue') },
  { path: '/acts/:id', name: 'act', show: () => import('./Act.vue') },
  { path: '/rules/:pack', name: 'pack', show: () => import('./Rules.vue') },
  { path: '/:lost(.*)*', name: 'lost', show: () => import('./Lost.vue') },
]

export const ROUTES: RouteRecordRaw[] = [
  { path: '/', redirect: '/desk' },
  ...SCREENS.map(({ path, name, show, list: row, bare }) => ({
    path,
    name,
    component: show,
    props: row ? { name, row } : true,
    meta: { bare: bare ?? false },
  })),
] as RouteRecordRaw[]
