// What lies over every screen, one at a time: a clause, or the form of an act.
import { shallowReactive } from 'vue'

import type { Choice } from './acts'

export const shown = shallowReactive({
  clause: null as { pack: string; clause: string } | null,
  choice: null as Choice | null,
  filled: {} as Record<string, unknown>,
})

export function showClause(pack: string, clause: string) {
  shown.clause = { pack, clause }
}

export function begin(choice: Choice, filled: Record<string, unknown> = {}) {
  shown.filled = filled
  shown.choice = choice
}
