import { AppError } from '../../../preload/contract/error'
import { UPLOAD_FILES, UPLOAD_LIMIT } from '../../../preload/contract/review'
import { UploadFolder, type UploadedFile } from '../../platform/uploadFolder'

/** Uploads that may be under way at once. */
const MOST = 8

/** Files that pages hand over, until a review is opened from them and closed again. */
export class Uploads {
  private readonly folders = new Map<string, UploadFolder>()
  private last = 0
  private swept: Promise<void> | undefined

  /** @param parent a folder of this user's only */
  constructor(private readonly parent: string) {}

  /** @throws AppError `review.tooMany`, `store.unwritable` */
  async start(): Promise<string> {
    await (this.swept ??= UploadFolder.sweep(this.parent))
    if (this.folders.size >= MOST)
      throw AppError.because('review.tooMany', 'Too many uploads.', { values: { limit: MOST } })
    const limits = { octets: UPLOAD_LIMIT, files: UPLOAD_FILES }
    const folder = await UploadFolder.create(this.parent, limits)
    const id = `u${String((this.last += 1))}`
    this.folders.set(id, folder)
    return id
  }

  /** @throws AppError `review.uploadGone`, and what `UploadFolder.append` throws */
  async append(
    id: string,
    piece: { name: string; modifiedAt?: number | undefined; offset: number; base64: string },
  ): Promise<void> {
    const octets = Uint8Array.from(atob(piece.base64), (letter) => letter.charCodeAt(0))
    await this.folderOf(id).append(piece.name, piece.offset, octets, piece.modifiedAt)
  }

  /** Everything that was handed over. @throws AppError `review.uploadGone` */
  files(id: string): Promise<UploadedFile[]> {
    return this.folderOf(id).content()
  }

  /** Forgets it all, where it is still there. */
  async remove(id: string): Promise<void> {
    const folder = this.folders.get(id)
    this.folders.delete(id)
    await folder?.remove()
  }

  /** Removes everything. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.folders.keys()].map((id) => this.remove(id)))
  }

  private folderOf(id: string): UploadFolder {
    const folder = this.folders.get(id)
    if (!folder) throw AppError.because('review.uploadGone', id)
    return folder
  }
}
