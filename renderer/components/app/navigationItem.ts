/** Where the operator can go. `path` draws the icon in a box of 16. */
export interface NavigationItem {
  to: string
  label: string
  path: string
  current: boolean
  count?: number
  /** What is counted, where it is a warning: the badge then bears a mark. */
  warning?: string
}
