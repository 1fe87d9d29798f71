/// Names and marks of subnetworks, fit for a screen.
package enum Names {
  /// The short label of subnetwork k: `A`…`Z`, `a`…`z`, then its number.
  package static func letter(_ index: Int) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    return alphabet.indices.contains(index) ? String(alphabet[index]) : String(index)
  }

  /// A name without anything that could move a cursor: control and direction characters become `?`.
  package static func printable(_ name: String) -> String {
    var clean = ""
    for scalar in name.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned:
        clean.unicodeScalars.append("?")
      default:
        clean.unicodeScalars.append(scalar)
      }
    }
    return clean
  }
}
