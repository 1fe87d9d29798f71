/// Puts sixteen rows of small codes side by side as numbers.
package enum LaneSpread {
  /// output[i][lane] = table[codes[lane][i]], i = 0 ..< count.
  /// - Parameters:
  ///   - codes: sixteen rows, each within the table.
  ///   - stride: codes from a row to the next.
  package static func spread(
    _ codes: UnsafePointer<UInt16>, stride: Int, through table: UnsafePointer<Float>,
    into output: UnsafeMutablePointer<Lanes>, count: Int
  ) {
    let values = UnsafeMutableRawPointer(output).assumingMemoryBound(to: Float.self)
    for i in 0..<count {
      for lane in 0..<16 { values[i &* 16 &+ lane] = table[Int(codes[lane &* stride &+ i])] }
    }
  }
}
