import { protocol } from 'electron'

const SCHEME = 'console'

/** Origin of the page in Electron: a scheme of its own, so that it is neither a file nor on any network. */
export const PAGE_ORIGIN = `${SCHEME}://page`

/** One file of the built page. */
interface PageFile {
  content: Buffer
  type: string
}

/** Makes the scheme a proper origin. Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Answers the scheme from the built page; what is not in it does not exist. */
export function servePage(
  page: ReadonlyMap<string, PageFile>,
  headers: Readonly<Record<string, string>>,
): void {
  protocol.handle(SCHEME, ({ url }) => {
    const { origin, pathname } = locate(url)
    const file = origin === PAGE_ORIGIN ? page.get(pathname) : undefined
    if (!file) return new Response('Not found.', { status: 404 })
    return new Response(new Uint8Array(file.content), {
      headers: { ...headers, 'Content-Type': file.type },
    })
  })
}

/** `URL.origin` is `null` for schemes it does not know, so the parts are put together here. */
function locate(url: string): { origin: string; pathname: string } {
  const { protocol: scheme, host, pathname } = new URL(url)
  return { origin: `${scheme}//${host}`, pathname }
}
