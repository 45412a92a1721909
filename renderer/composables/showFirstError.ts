import { nextTick } from 'vue'

/** Once the fields of a form are marked, unfolds those that are wrong and puts the focus on the first. */
export async function showFirstError(form: HTMLElement | null): Promise<void> {
  await nextTick()
  for (const fold of form?.querySelectorAll('details') ?? [])
    fold.open ||= fold.querySelector('[aria-invalid]') !== null
  form?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
}
