import { createApp } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'

import App from './App.vue'
import { useElement } from './element'
import { ROUTES } from './screens/table'
import { i18n, language, speak } from './words'
import './tokens.css'
import './base.css'

const router = createRouter({ history: createWebHistory(), routes: ROUTES })
const app = createApp(App).use(router).use(i18n)
useElement(app)
speak(language.value)
app.mount('#app')
