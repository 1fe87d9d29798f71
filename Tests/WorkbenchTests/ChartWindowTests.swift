import Testing
import Workbench

@Suite struct ChartWindowTests {
  private func near(_ left: ClosedRange<Double>, _ right: ClosedRange<Double>) -> Bool {
    abs(left.lowerBound - right.lowerBound) < 1e-6 && abs(left.upperBound - right.upperBound) < 1e-6
  }

  @Test func theNewestEndIsFollowedAsItGrows() {
    var window = ChartWindow()
    #expect(window.range(of: 0...100) == 0...100)
    window.zoom(in: true, around: nil, whole: 0...100)
    window.zoom(in: true, around: nil, whole: 0...100)
    #expect(near(window.range(of: 0...100), 75...100))
    #expect(near(window.range(of: 0...200), 150...200))
    window.zoom(in: false, around: nil, whole: 0...200)
    window.zoom(in: false, around: nil, whole: 0...200)
    #expect(window == ChartWindow())
    #expect(window.zoom(in: false, around: nil, whole: 0...200) == false, "wider than all of it")
  }

  @Test func whatWasPannedToStaysWhateverIsAdded() {
    var window = ChartWindow()
    #expect(window.pan(by: -0.25, whole: 0...100) == false, "all of it is in sight")
    window.zoom(in: true, around: nil, whole: 0...100)
    #expect(window.pan(by: -0.25, whole: 0...100) == true)
    #expect(near(window.range(of: 0...100), 37.5...87.5))
    #expect(near(window.range(of: 0...900), 37.5...87.5))
    #expect(window.pan(by: 0.25, whole: 0...100) == true)
    #expect(window.held == nil && window.halvings == 1, "at the end it follows again")
    #expect(window.pan(by: 0.25, whole: 0...100) == false)
  }

  @Test func panningStopsAtTheBeginning() {
    var window = ChartWindow()
    window.zoom(in: true, around: nil, whole: 0...100)
    for _ in 0..<10 { window.pan(by: -0.25, whole: 0...100) }
    #expect(near(window.range(of: 0...100), 0...50))
    #expect(window.pan(by: -0.25, whole: 0...100) == false)
    window.goToEnd(of: 0...100)
    #expect(window.held == nil && near(window.range(of: 0...100), 50...100))
    window.goToStart(of: 0...100)
    #expect(near(window.range(of: 0...300), 0...50))
  }

  @Test func zoomingAboutAPlaceKeepsItWhereItIs() {
    for place in [10.0, 33, 80] {
      var window = ChartWindow()
      let whole = 0.0...100.0
      for _ in 0..<5 {
        let before = window.range(of: whole)
        let share = (place - before.lowerBound) / (before.upperBound - before.lowerBound)
        window.zoom(in: true, around: place, whole: whole)
        let after = window.range(of: whole)
        let now = (place - after.lowerBound) / (after.upperBound - after.lowerBound)
        #expect(abs(share - now) < 1e-9, "\(place)")
        let halved = (before.upperBound - before.lowerBound) / 2
        #expect(abs(after.upperBound - after.lowerBound - halved) < 1e-9)
      }
      for _ in 0..<5 { window.zoom(in: false, around: place, whole: whole) }
      #expect(window == ChartWindow(), "all of it is all of it again")
    }
  }

  @Test func thereIsALimitAndNothingLeavesTheAxis() {
    var window = ChartWindow()
    let whole = 0.0...1000.0
    for turn in 0..<2000 {
      switch turn * 7 % 5 {
      case 0: window.zoom(in: turn % 3 > 0, around: Double(turn % 1000), whole: whole)
      case 1: window.pan(by: turn % 2 == 0 ? 0.25 : -0.25, whole: whole)
      case 2: window.zoom(in: true, around: nil, whole: whole)
      case 3: window.reveal(Double(turn * 13 % 1000), whole: whole)
      default: window.pan(by: -0.25, whole: whole)
      }
      let range = window.range(of: whole)
      #expect(range.lowerBound >= -1e-9 && range.upperBound <= 1000 + 1e-9)
      #expect(range.upperBound - range.lowerBound >= 1000 / 4096 - 1e-9)
      #expect(window.magnification(of: whole) >= 0.999)
    }
  }

  @Test func aPlaceOutOfSightIsBroughtInByTheShortestWay() {
    var window = ChartWindow()
    window.zoom(in: true, around: nil, whole: 0...100)
    window.reveal(60, whole: 0...100)
    #expect(window.held == nil, "it is in sight already")
    window.reveal(20, whole: 0...100)
    #expect(near(window.range(of: 0...100), 20...70))
    window.reveal(90, whole: 0...100)
    #expect(near(window.range(of: 0...100), 40...90))
  }
}
