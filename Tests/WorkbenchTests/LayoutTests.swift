import TerminalUI
import Testing
import Workbench

@Suite struct LayoutTests {
  @Test(arguments: [0, 1, 3, 10, 64]) func panesLieInsideAndApart(_ subnetworks: Int) {
    for width in 1...200 {
      for height in 1...60 {
        let size = Size(width: width, height: height)
        let whole = Rect(size: size)
        for (focus, isZoomed) in [(Pane.loss, false), (.overlap, false), (.log, true)] {
          let layout = Layout(
            size: size, subnetworks: subnetworks, layers: 31, focus: focus, isZoomed: isZoomed)
          let parts =
            [layout.header, layout.tabs, layout.strip, layout.footer]
            + layout.panes.map(\.rect)
          for (index, part) in parts.enumerated() where !part.isEmpty {
            #expect(whole.contains(part), "\(size) \(part)")
            for other in parts[(index + 1)...] {
              #expect(part.intersection(other).isEmpty, "\(size) \(part) \(other)")
            }
          }
          guard layout.kind >= .small else { continue }
          #expect(layout.header.height == 1 && layout.footer.height == 1)
          #expect(layout.panes.allSatisfy { !$0.rect.isEmpty }, "\(size)")
          if layout.kind == .small || isZoomed {
            #expect(layout.rect(of: focus) != nil, "\(size)")
          }
        }
      }
    }
  }

  @Test func classesFollowTheRoom() {
    func kind(_ width: Int, _ height: Int) -> Layout.Kind {
      Layout.kind(for: Size(width: width, height: height))
    }
    #expect(kind(1, 1) == .character)
    #expect(kind(20, 3) == .line)
    #expect(kind(40, 10) == .list)
    #expect(kind(60, 15) == .small)
    #expect(kind(80, 24) == .small)
    #expect(kind(80, 60) == .portrait)
    #expect(kind(120, 40) == .medium)
    #expect(kind(200, 60) == .large)
  }

  @Test func everySizeIsDrawn() {
    let run = ScriptedRun.midway()
    var state = Fixture.state(run)
    for width in stride(from: 1, through: 200, by: 7) {
      for height in stride(from: 1, through: 60, by: 3) {
        let size = Size(width: width, height: height)
        _ = update(&state, .resize(size))
        let screen = render(state, size: size, look: Fixture.color)
        #expect(screen.size == size)
        #expect(!screen.text.allSatisfy { $0 == "\n" || $0 == " " }, "\(size) shows nothing")
      }
    }
    _ = render(state, size: .zero, look: Fixture.color)
  }

  @Test(arguments: [0, 1, 2, 64]) func anyNumberOfSubnetworks(_ count: Int) {
    var state = Fixture.state(.midway(subnetworks: count))
    for pane in Pane.allCases {
      state.type("\(pane.rawValue)")
      for size in GoldenTests.sizes {
        _ = update(&state, .resize(size))
        _ = render(state, size: size, look: Fixture.color)
        state.press(.down, .right, .pageDown, .end, .up)
        _ = render(state, size: size, look: Fixture.ascii)
      }
    }
  }

  @Test func namesOfAnyKind() {
    let names = [
      "猫と犬の部分集合", String(repeating: "long ", count: 40), "bad\u{1B}[31m\nname\u{202E}", "",
      "👩‍👩‍👧 family",
    ]
    var state = Fixture.state(.midway(names: names))
    for size in GoldenTests.sizes {
      _ = update(&state, .resize(size))
      for pane in Pane.allCases {
        state.type("\(pane.rawValue)")
        let screen = render(state, size: size, look: Fixture.color)
        for scalar in screen.text.unicodeScalars where scalar != "\n" {
          #expect(scalar.properties.generalCategory != .control)
        }
      }
    }
  }
}
