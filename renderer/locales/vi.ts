/** Every area in Vietnamese, by path; one file to fetch, only when it is wanted. */
export const vietnamese = import.meta.glob('./vi/*.json', { eager: true, import: 'default' })
