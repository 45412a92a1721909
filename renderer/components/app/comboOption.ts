/** One choice of a ComboField. */
export interface ComboOption {
  value: string
  label: string
  detail: string
}
