import { createApp } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'

import App from './App.vue'
import { useElement } from './element'
import { ROUTES } from './screens/table'
import { i18n, language, speak } from './words'
import './tokens.css'
import './base.css'

const router = createRouter({ history: createWebHistory(), routes: ROUTES })

// A part of the console that did not arrive, after an upgrade of the node perhaps: once more, with the whole page.
const RELOADED = 'fengsui.reloaded'
const AGAIN_MS = 10_000
router.onError((_, to) => {
  if (Date.now() - Number(sessionStorage.getItem(RELOADED)) < AGAIN_MS) return
  sessionStorage.setItem(RELOADED, String(Date.now()))
  location.assign(to.fullPath)
})

const app = createApp(App).use(router).use(i18n)
useElement(app)
speak(language.value)
app.mount('#app')
