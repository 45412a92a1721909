import { computed, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute } from 'vue-router'
import type { NavigationItem } from './components/app/navigationItem'
import { useApp } from './stores/app'
import { useJobs } from './stores/jobs'
import { useOverview } from './stores/overview'

const ICONS = {
  overview: 'M1.5 2h5.5v6H1.5zM9 2h5.5v3.5H9zM9 8h5.5v6H9zM1.5 10.5h5.5V14H1.5z',
  clouds: 'M4.5 12.5a3 3 0 0 1-.4-6 4 4 0 0 1 7.7-.6 3.3 3.3 0 0 1-.3 6.6z',
  loadBalancers:
    'M8 2v4M8 6l-5 4M8 6l5 4M8 6v4M1.5 10h3v3.5h-3zM6.5 10h3v3.5h-3zM11.5 10h3v3.5h-3z',
  monitor: 'M1.5 8.5h3l2-5.5 3 10 2-4.5h3',
  review:
    'M2 3.5h4.2l1.6 1.8H14v3M2 3.5v9.5h5M10.4 8.2a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4zM12.4 12.9l2.1 2.1',
  audit: 'M3.5 1.5h9v13h-9zM5.8 5h4.4M5.8 8h4.4M5.8 11h2.6',
  jobs: 'M2 4.2l1.3 1.3L5.8 3M2 11l1.3 1.3 2.5-2.5M8 4.5h6M8 11.5h6',
  demo: 'M6 1.5h4M6.8 1.5v4.7L2.6 13a1 1 0 0 0 .9 1.5h9a1 1 0 0 0 .9-1.5L9.2 6.2V1.5M4.6 10.5h6.8',
  settings:
    'M8 10.4a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8zM8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M3.4 12.6l1.4-1.4M11.2 4.8l1.4-1.4',
}

/** The places of the left navigation; those of a cloud lead to the given one. */
export function useNavigation(cloud: Readonly<Ref<string | undefined>>) {
  const { t } = useI18n()
  const route = useRoute()
  const app = useApp()
  const jobs = useJobs()
  const overview = useOverview()

  return computed<NavigationItem[]>(() => {
    const { path, name } = route
    const inMonitor = name === 'monitor' || name === 'monitorChoose'
    const items: NavigationItem[] = [
      {
        to: '/overview',
        label: t('nav.overview'),
        path: ICONS.overview,
        current: name === 'overview',
        count: overview.urgent,
        warning: t('overview.urgent', { n: overview.urgent }, overview.urgent),
      },
      {
        to: '/clouds',
        label: t('nav.clouds'),
        path: ICONS.clouds,
        current: path.startsWith('/clouds'),
      },
    ]
    if (cloud.value)
      items.push({
        to: `/cloud/${encodeURIComponent(cloud.value)}/load-balancers`,
        label: t('nav.loadBalancers'),
        path: ICONS.loadBalancers,
        current: path.startsWith('/cloud/') && !inMonitor,
      })
    items.push(
      { to: '/monitor', label: t('nav.monitor'), path: ICONS.monitor, current: inMonitor },
      {
        to: '/review',
        label: t('nav.review'),
        path: ICONS.review,
        current: path.startsWith('/review'),
      },
      { to: '/audit', label: t('nav.audit'), path: ICONS.audit, current: name === 'audit' },
      {
        to: '/jobs',
        label: t('nav.jobs'),
        path: ICONS.jobs,
        current: path.startsWith('/jobs'),
        count: jobs.active.length,
      },
    )
    if (app.info?.demo)
      items.push({ to: '/demo', label: t('nav.demo'), path: ICONS.demo, current: name === 'demo' })
    items.push({
      to: '/settings',
      label: t('nav.settings'),
      path: ICONS.settings,
      current: name === 'settings',
    })
    return items
  })
}
