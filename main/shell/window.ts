import { app, BrowserWindow, nativeTheme, session, shell } from 'electron'

/** Only these may leave the console, and only into the system's browser. */
const OUTSIDE = /^https:\/\//

/** The one permission the page has: putting text on the clipboard when the operator presses a copy button. */
const COPYING = 'clipboard-sanitized-write'

/**
 * Refuses what a console never needs: permissions (camera, notifications, clipboard reading, …), new windows, webviews,
 * and navigation away from the page. Applies to every window there will ever be.
 */
export function lockDown(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => {
    answer(permission === COPYING)
  })
  session.defaultSession.setPermissionCheckHandler(
    (_contents, permission) => permission === COPYING,
  )
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault())
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      if (OUTSIDE.test(url)) void shell.openExternal(url)
      return { action: 'deny' }
    })
  })
}

/** Opens a window on the page. The page is sandboxed and sees nothing but `window.bridge`. */
export function openWindow(url: string, preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#11151a' : '#ffffff',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => window.show())
  void window.loadURL(url)
  return window
}
