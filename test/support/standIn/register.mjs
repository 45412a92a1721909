import { register } from 'node:module'

/** Lets the built main bundle find the stand-in where it asks for `electron`. */
register('./hooks.mjs', import.meta.url)
