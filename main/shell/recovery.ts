import { dialog, type BrowserWindow } from 'electron'

/** How often in a row the page is loaded again without asking. */
const MOST_RELOADS = 3
/** A page that has lived this long, in milliseconds, crashes for a reason of its own: counting starts anew. */
const STEADY_MS = 60_000

/** What the dialog says when the page crashes again and again. */
export interface CrashWords {
  title: string
  text: string
  reload: string
  quit: string
}

/**
 * Loads the page again when its process is gone (a crash, no memory, killed), a few times in a row; after that a dialog
 * says so, and the operator decides. Main goes on meanwhile: jobs and the monitor are its own.
 * @param words in the operator's language, asked for when they are needed
 * @param report is told of each crash
 */
export function recover(
  window: BrowserWindow,
  words: () => Promise<CrashWords>,
  report: (name: string, error: unknown) => void,
): void {
  const { webContents } = window
  let loadedAt = performance.now()
  let inRow = 0
  const load = () => {
    loadedAt = performance.now()
    webContents.reload()
  }
  const ask = async () => {
    const { title, text, reload, quit } = await words()
    const { response } = await dialog.showMessageBox(window, {
      type: 'error',
      message: title,
      detail: text,
      buttons: [reload, quit],
      defaultId: 0,
      cancelId: 1,
      noLink: true,
    })
    if (window.isDestroyed()) return
    if (response !== 0) window.destroy()
    else {
      inRow = 0
      load()
    }
  }
  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    report('page', new Error(`The process of the page is gone: ${reason} (${exitCode})`))
    inRow = performance.now() - loadedAt < STEADY_MS ? inRow + 1 : 1
    if (inRow <= MOST_RELOADS) load()
    else ask().catch((error: unknown) => report('page', error))
  })
}
