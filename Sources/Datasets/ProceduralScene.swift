internal import Foundation
internal import Tensors

/// What one procedural image shows, before it is drawn.
struct ProceduralScene {
  private typealias Color = SIMD3<Float>

  private let figure: Int
  private let center: SIMD2<Float>
  private let radius: Float
  private let cosine: Float
  private let sine: Float
  private let frequency: Float
  private let ink: Color
  private let paper: Color
  private let shade: SIMD2<Float>
  private let clutter: [(center: SIMD2<Float>, half: SIMD2<Float>, color: Color)]

  /// Directions of contrast that two classes each prefer.
  private static let palettes: [Color] = [
    Color(1, 0, -0.6), Color(-0.6, 1, 0), Color(0, -0.6, 1), Color(1, 1, -1), Color(1, 1, 1),
  ]

  /// Draws the parameters of an image of a class.
  init(class figure: Int, random: inout RandomStream) {
    func between(_ low: Float, _ high: Float) -> Float { low + (high - low) * random.uniform() }
    self.figure = figure
    radius = between(6, 11)
    center = SIMD2(between(10, 22), between(10, 22))
    let angle = between(0, 2 * .pi)
    (cosine, sine) = (cos(angle), sin(angle))
    frequency = between(1.1, 1.6)
    // Two colours a contrast apart, in either direction: the mean image says nothing. Half of the
    // images take the direction from a palette that their class shares with one other.
    let base = Color(between(70, 185), between(70, 185), between(70, 185))
    var direction = Color(between(-1, 1), between(-1, 1), between(-1, 1))
    if random.index(below: 2) == 0 { direction = Self.palettes[figure % 5] }
    direction /= max((direction * direction).sum().squareRoot(), 0.1)
    let contrast = between(90, 150) * (random.index(below: 2) == 0 ? 1 : -1)
    ink = base + direction * contrast / 2
    paper = base - direction * contrast / 2
    shade = SIMD2(between(-1, 1), between(-1, 1))
    clutter = (0..<3 + random.index(below: 4)).map { _ in
      (
        SIMD2(between(0, 32), between(0, 32)), SIMD2(between(0.5, 2), between(0.5, 2)),
        Color(between(20, 235), between(20, 235), between(20, 235))
      )
    }
  }

  /// Paints the 3 · side² bytes of the image, planes R, G, B, with noise from the stream. The scene is
  /// 32 wide and high; an edge is as sharp as the pixels are fine.
  func draw(
    side: Int, into bytes: UnsafeMutableBufferPointer<UInt8>, random: inout RandomStream
  ) {
    let pixel = 32 / Float(side)
    for row in 0..<side {
      for column in 0..<side {
        let place = SIMD2((Float(column) + 0.5) * pixel, (Float(row) + 0.5) * pixel)
        var color = paper + ((place.x - 16) * shade.x + (place.y - 16) * shade.y)
        for piece in clutter {
          let away = place - piece.center
          if abs(away.x) <= piece.half.x && abs(away.y) <= piece.half.y { color = piece.color }
        }
        let away = place - center
        let turned = SIMD2(
          cosine * away.x + sine * away.y, cosine * away.y - sine * away.x)
        let inside = min(max(0.5 - distance(turned) / pixel, 0), 1)
        color += (ink - color) * inside
        // Sums of two bytes: triangular noise with a deviation of about 10.
        let noise = random.next()
        for channel in 0..<3 {
          let shift = UInt64(channel * 16)
          let sum = Float(noise >> shift & 255) + Float(noise >> (shift + 8) & 255) - 255
          let value = color[channel] + sum * 0.1
          bytes[(channel * side + row) * side + column] = UInt8(min(max(value, 0), 255))
        }
      }
    }
  }

  /// Signed distance in pixels to the figure's edge, negative inside, in its own coordinates.
  private func distance(_ p: SIMD2<Float>) -> Float {
    let r = radius
    let length = (p * p).sum().squareRoot()
    switch figure {
    case 0:  // disc
      return length - r
    case 1:  // ring
      return abs(length - r * 0.8) - r * 0.22
    case 2:  // square
      return max(abs(p.x), abs(p.y)) - r * 0.85
    case 3:  // triangle
      let half = 0.866 as Float
      return max(p.y, max(half * p.x - 0.5 * p.y, -half * p.x - 0.5 * p.y)) - r * 0.6
    case 4:  // cross
      let (x, y) = (abs(p.x), abs(p.y))
      return min(max(x - r, y - r * 0.3), max(y - r, x - r * 0.3))
    case 5:  // star
      return length - r * (0.72 + 0.36 * cos(5 * atan2(p.y, p.x)))
    case 6:  // crescent
      let bite = p - SIMD2(r * 0.5, 0)
      return max(length - r, r * 0.8 - (bite * bite).sum().squareRoot())
    case 7:  // stripes within a disc
      return max(length - r * 1.15, sin(p.x * frequency) * 2)
    case 8:  // checker within a disc
      return max(length - r * 1.15, sin(p.x * frequency) * sin(p.y * frequency) * 3)
    default:  // dots within a disc
      return max(
        length - r * 1.15, (0.3 - cos(p.x * frequency) * cos(p.y * frequency)) * 2)
    }
  }
}
