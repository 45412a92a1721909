import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n } from './i18n'
import { router } from './router'
import { applyTheme } from './theme/apply'
import './theme/base.css'

// Before the settings have arrived, so that no page flashes in the other theme.
applyTheme(matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark')

createApp(App).use(createPinia()).use(i18n).use(router).mount('#app')
