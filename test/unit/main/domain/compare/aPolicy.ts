import type { Layer7Policy } from '../../../../../main/domain/compare/haproxyApiLayer7'
import type { Layer7Rule } from '../../../../../main/domain/compare/haproxyApiRule'

/** An L7 rule as the captured configurations number them. */
export const aRule = (
  number: number,
  type: string,
  compareType: string,
  value: string,
  more: Partial<Layer7Rule> = {},
): Layer7Rule => {
  const digits = String(number).padStart(4, '0')
  const id = `72bb0000-${digits}-4000-8000-00000000${digits}`
  return { id, adminStateUp: true, type, compareType, value, invert: false, ...more }
}

/** An L7 policy that is served. */
export const aPolicy = (
  listenerId: string,
  action: string,
  goal: Partial<Layer7Policy>,
  rules: Layer7Policy['rules'],
): Layer7Policy => ({
  id: `policy of ${rules.map(({ id }) => id).join()}`,
  name: action,
  listenerId,
  adminStateUp: true,
  provisioningStatus: 'ACTIVE',
  action,
  rules,
  ...goal,
})
