import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Recognised } from '../../../../../main/domain/review/evidence'
import { isRecognised, recognise } from '../../../../../main/domain/review/recognise'
import { scenesOf, type Scene } from '../../../../../main/domain/review/scene'
import { scenario } from '../captures'

/** After all captures. */
const NOW = Date.UTC(2026, 10, 22, 12)

/** The files of a scenario that anything is learned from, those whose names fit. */
function filesOf(number: string, fits = /./): Recognised[] {
  const folder = `test/fixtures/${scenario(number)}`
  return readdirSync(folder)
    .filter((name) => fits.test(name))
    .map((name) => {
      const octets = readFileSync(`${folder}/${name}`)
      const path = `${number}/${name}`
      return recognise({ path, octets: name.endsWith('.gz') ? gunzipSync(octets) : octets }, NOW)
    })
    .filter(isRecognised)
}

const scenes = new Map<string, Scene>()

/** The one load balancer of a scenario, out of the files whose names fit; read once. */
export function sceneOf(number: string, fits?: RegExp): Scene {
  const key = `${number} ${fits?.source ?? ''}`
  const scene = scenes.get(key) ?? readScene(number, fits)
  scenes.set(key, scene)
  return scene
}

function readScene(number: string, fits: RegExp | undefined): Scene {
  const { scenes } = scenesOf(filesOf(number, fits))
  if (scenes.length !== 1 || !scenes[0]) throw new Error(`${scenes.length} load balancers`)
  return scenes[0]
}
