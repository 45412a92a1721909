/** An answer that is not a success, in one of Octavia's two forms. */
export class Refusal extends Error {
  private constructor(
    readonly status: number,
    message: string,
    readonly body: unknown,
  ) {
    super(message)
  }

  /** WSME's form: `{"faultcode", "faultstring", "debuginfo"}`. */
  static fault(status: number, words: string): Refusal {
    const faultcode = status >= 500 ? 'Server' : 'Client'
    return new Refusal(status, words, { faultcode, faultstring: words, debuginfo: null })
  }

  /** Pecan's form, for what fails before a controller is reached. */
  static hook(status: number, title: string, description: string | null): Refusal {
    return new Refusal(status, title, { code: status, title, description })
  }

  static notFound(resource: string, id: string): Refusal {
    return Refusal.fault(404, `${resource} ${id} not found.`)
  }

  static forbidden(): Refusal {
    return Refusal.fault(403, 'Policy does not allow this request to be performed.')
  }

  static invalid(field: string, value: string, words: string): Refusal {
    return Refusal.fault(
      400,
      `Invalid input for field/attribute ${field}. Value: '${value}'. ${words}`,
    )
  }

  static validation(words: string): Refusal {
    return Refusal.fault(400, `Validation failure: ${words}`)
  }

  static immutable(resource: string, id: string): Refusal {
    return Refusal.fault(409, `${resource} ${id} is immutable and cannot be updated.`)
  }
}
