import type { CloudFiles } from '../../platform/cloudFiles'
import type { TlsOptions } from '../../platform/http'
import type { CloudDefinition } from './definition'

/** Reads the PEM files a definition names; `cert` may hold the key too. @throws AppError `tls.file` */
export async function readTls(files: CloudFiles, { tls }: CloudDefinition): Promise<TlsOptions> {
  const { caFile, certificateFile, keyFile, insecure } = tls
  const read = (path: string | undefined) =>
    path === undefined ? Promise.resolve(undefined) : files.readPem(path)
  const [ca, certificate, key] = await Promise.all([
    // What is not verified needs no authority, as with openstacksdk.
    read(insecure ? undefined : caFile),
    read(certificateFile),
    read(keyFile ?? certificateFile),
  ])
  return {
    insecure,
    ...(ca !== undefined && { ca }),
    ...(certificate !== undefined && { certificate }),
    ...(key !== undefined && { key }),
  }
}
