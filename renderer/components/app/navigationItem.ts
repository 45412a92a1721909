/** Where the operator can go. `path` draws the icon in a box of 16. */
export interface NavigationItem {
  to: string
  label: string
  path: string
  current: boolean
  count?: number
}
