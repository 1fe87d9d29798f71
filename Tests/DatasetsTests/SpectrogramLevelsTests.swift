import Datasets
import Foundation
import Tensors
import Testing

struct SpectrogramLevelsTests {
  /// A tone that sounds in the second half only.
  private func tone(_ hertz: Double, loudness: Double = 0.5) -> [Float] {
    (0..<16_000).map { n in
      n < 8000 ? 0 : Float(loudness * sin(2 * .pi * hertz * Double(n) / 8000))
    }
  }

  private func levels(_ sounds: [[Float]], columns: Int = 20, rows: Int = 16) -> SpectrogramLevels {
    SpectrogramLevels(
      sounds, framing: Framing(rate: 8000), columns: columns, rows: rows, decibels: 60)
  }

  @Test("a tone is bright in its band and while it sounds, the lowest band being the last row")
  func place() {
    // The band of row r from below is 4000 / 16 Hz wide.
    let drawn = levels([tone(625)])
    #expect(drawn.width == 20 && drawn.height == 16)
    let brightest = drawn.sounds[0].indices.max { drawn.sounds[0][$0] < drawn.sounds[0][$1] } ?? 0
    #expect(brightest / 20 == 15 - 2 && brightest % 20 >= 10)
    #expect(drawn.sounds[0][brightest] == 255)
    #expect(
      (0..<16).allSatisfy { row in (0..<9).allSatisfy { drawn.sounds[0][row * 20 + $0] == 0 } })
  }

  @Test("all sounds are on one scale: twenty decibels less is a third of sixty darker")
  func scale() {
    let drawn = levels([tone(625), tone(625, loudness: 0.05)])
    let (loud, soft) = (drawn.sounds[0].max() ?? 0, drawn.sounds[1].max() ?? 0)
    #expect(loud == 255 && abs(Int(soft) - 170) <= 1)
  }

  @Test("no more places than windows and frequencies; silence is dark, what is no number too")
  func edges() {
    let short = levels([[Float](repeating: 0, count: 300)], columns: 64, rows: 999)
    #expect(short.width == 300 / 128 + 1 && short.height == 257)
    #expect(short.sounds[0].allSatisfy { $0 == 0 })
    #expect(levels([[Float](repeating: .nan, count: 600)]).sounds[0].allSatisfy { $0 == 0 })
  }
}
