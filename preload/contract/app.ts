import { z } from 'zod'
import { request, stream } from './channel'
import { Id } from './common'

export const Settings = z.object({
  theme: z.enum(['system', 'dark', 'light']),
  language: z.enum(['system', 'en', 'vi']),
  /** Seconds between two refreshes of a list that is on screen. */
  refreshSeconds: z.int().min(2).max(3600),
})
export type Settings = z.infer<typeof Settings>

/** Some of the settings; those left out stay as they are. */
export const SettingsChange = Settings.partial()
export type SettingsChange = z.infer<typeof SettingsChange>

export const AppInfo = z.object({
  version: z.string(),
  host: z.enum(['electron', 'browser']),
  platform: z.string(),
  /** Whether the demo cloud runs in this console. */
  demo: z.boolean(),
  /** Where secrets go: the system's store, a file under a passphrase, or nowhere beyond this run. */
  secrets: z.enum(['system', 'passphrase', 'memory']),
  dataFolder: z.string(),
})
export type AppInfo = z.infer<typeof AppInfo>

export const DEMO_FAULTS = [
  'keepalived-stop',
  'keepalived-kill',
  'haproxy-stop',
  'link-down',
  'priority-change',
  'vrrp-block',
  'member-down',
  'amphora-off',
] as const
export type DemoFault = (typeof DEMO_FAULTS)[number]

/** The faults of the demo cloud; names as in the lab. */
export const DemoState = z.object({
  loadBalancers: z.array(
    z.object({
      id: Id,
      name: z.string(),
      faults: z.array(z.object({ fault: z.enum(DEMO_FAULTS), target: z.string() })),
    }),
  ),
})
export type DemoState = z.infer<typeof DemoState>

export const app = {
  'app.info': request(z.object({}), AppInfo),
  /** The settings, again after each change in any window. */
  'settings.follow': stream(z.object({}), Settings),
  'settings.save': request(SettingsChange, z.void()),
  /** The demo cloud's load balancers and faults, again after each change. Fails with `demo.unavailable`. */
  'demo.follow': stream(z.object({}), DemoState),
  /** Breaks the demo cloud on request, or mends it. The target is the VIP's owner, or the first member. */
  'demo.fault': request(
    z.object({ loadBalancerId: Id, fault: z.enum(DEMO_FAULTS), on: z.boolean() }),
    z.void(),
  ),
}
