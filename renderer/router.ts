import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'

/**
 * Every page by its address. A `cloud` in the path is a cloud that must be open;
 * the frame opens it before it shows the page.
 */
const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/clouds' },
  { path: '/overview', name: 'overview', component: () => import('./views/OverviewView.vue') },
  { path: '/clouds', name: 'clouds', component: () => import('./views/CloudsView.vue') },
  {
    path: '/clouds/new',
    name: 'cloudNew',
    component: () => import('./views/CloudFormView.vue'),
  },
  {
    path: '/clouds/edit/:name',
    name: 'cloudEdit',
    props: true,
    component: () => import('./views/CloudFormView.vue'),
  },
  {
    path: '/clouds/ssh/:name',
    name: 'ssh',
    props: true,
    component: () => import('./views/SshView.vue'),
  },
  {
    path: '/cloud/:cloud/load-balancers',
    name: 'loadBalancers',
    props: true,
    component: () => import('./views/LoadBalancerListView.vue'),
  },
  {
    path: '/cloud/:cloud/load-balancers/new',
    name: 'loadBalancerCreate',
    props: true,
    component: () => import('./views/LoadBalancerCreateView.vue'),
  },
  {
    path: '/cloud/:cloud/load-balancers/:id',
    props: true,
    component: () => import('./views/LoadBalancerView.vue'),
    children: [
      {
        path: '',
        name: 'loadBalancer',
        props: true,
        component: () => import('./views/LoadBalancerMapView.vue'),
      },
      {
        path: 'status',
        name: 'loadBalancerStatus',
        props: true,
        component: () => import('./views/LoadBalancerStatusView.vue'),
      },
      {
        path: 'amphorae',
        name: 'loadBalancerAmphorae',
        props: true,
        component: () => import('./views/LoadBalancerAmphoraeView.vue'),
      },
      {
        path: 'pair',
        name: 'pair',
        props: true,
        component: () => import('./views/PairView.vue'),
      },
      {
        path: 'findings',
        name: 'findings',
        props: true,
        component: () => import('./views/FindingsView.vue'),
      },
      {
        path: 'compare',
        name: 'compare',
        props: true,
        component: () => import('./views/CompareView.vue'),
      },
      {
        path: 'monitor',
        name: 'monitor',
        props: true,
        component: () => import('./views/MonitorView.vue'),
      },
    ],
  },
  {
    path: '/cloud/:cloud/load-balancers/:id/amphorae/:amphoraId',
    props: true,
    component: () => import('./views/AmphoraView.vue'),
    children: [
      {
        path: '',
        name: 'amphora',
        props: true,
        meta: { part: 'namespace' },
        component: () => import('./views/AmphoraNamespaceView.vue'),
      },
      {
        path: 'services',
        name: 'amphoraServices',
        meta: { part: 'services' },
        component: () => import('./views/AmphoraServicesView.vue'),
      },
      {
        path: 'configs',
        name: 'amphoraConfigs',
        meta: { part: 'files' },
        component: () => import('./views/AmphoraConfigsView.vue'),
      },
      {
        path: 'haproxy',
        name: 'amphoraHaproxy',
        props: true,
        meta: { part: 'haproxy' },
        component: () => import('./views/AmphoraHaproxyView.vue'),
      },
      {
        path: 'agent',
        name: 'amphoraAgent',
        meta: { part: 'agent' },
        component: () => import('./views/AmphoraAgentView.vue'),
      },
      {
        path: 'system',
        name: 'amphoraSystem',
        meta: { part: 'system' },
        component: () => import('./views/AmphoraSystemView.vue'),
      },
      {
        path: 'wire',
        name: 'amphoraWire',
        props: true,
        component: () => import('./views/AmphoraWireView.vue'),
      },
      {
        path: 'terminal',
        name: 'amphoraTerminal',
        props: true,
        component: () => import('./views/AmphoraTerminalView.vue'),
      },
    ],
  },
  {
    path: '/monitor',
    name: 'monitorChoose',
    component: () => import('./views/LoadBalancerChooseView.vue'),
  },
  {
    path: '/review',
    name: 'reviewOpen',
    component: () => import('./views/ReviewOpenView.vue'),
  },
  {
    path: '/review/:review',
    props: true,
    component: () => import('./views/ReviewView.vue'),
    children: [
      {
        path: '',
        name: 'review',
        props: true,
        component: () => import('./views/ReviewFindingsView.vue'),
      },
      {
        path: 'timeline',
        name: 'reviewTimeline',
        props: true,
        component: () => import('./views/ReviewTimelineView.vue'),
      },
      {
        path: 'log',
        name: 'reviewLog',
        props: true,
        component: () => import('./views/ReviewLogView.vue'),
      },
      {
        path: 'configs',
        name: 'reviewConfigs',
        component: () => import('./views/ReviewConfigsView.vue'),
      },
      {
        path: 'compare',
        name: 'reviewCompare',
        props: true,
        component: () => import('./views/ReviewCompareView.vue'),
      },
      {
        path: 'sources',
        name: 'reviewSources',
        component: () => import('./views/ReviewSourcesView.vue'),
      },
      {
        path: 'notes',
        name: 'reviewNotes',
        props: true,
        component: () => import('./views/ReviewNotesView.vue'),
      },
    ],
  },
  { path: '/audit', name: 'audit', component: () => import('./views/AuditView.vue') },
  { path: '/jobs', name: 'jobs', component: () => import('./views/JobsView.vue') },
  {
    path: '/jobs/:id',
    name: 'job',
    props: true,
    component: () => import('./views/JobsView.vue'),
  },
  { path: '/settings', name: 'settings', component: () => import('./views/SettingsView.vue') },
  { path: '/demo', name: 'demo', component: () => import('./views/DemoView.vue') },
  { path: '/:rest(.*)*', redirect: '/clouds' },
]

export const router = createRouter({ history: createWebHashHistory(), routes })
