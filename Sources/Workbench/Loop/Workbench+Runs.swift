internal import Experiments

extension Workbench {
  /// Brings another run to the screen; the present one goes on elsewhere.
  func begin(
    onFailure: @escaping (String) -> Action,
    _ start: @escaping @Sendable () async throws -> any ExperimentRunner
  ) {
    launching = Task {
      do {
        let runner = try await start()
        guard !isQuitting else { return runner }
        let before = self.runner
        self.runner = runner
        post(.launched(name: runner.name))
        follow(runner)
        await before?.leave()
      } catch {
        post(onFailure(String(describing: error)))
      }
      return nil
    }
  }

  /// Attaches to a run, or plays its recording.
  func open(_ name: String) {
    guard let library else { return post(.openFailed("there is no runs folder here")) }
    begin(onFailure: { .openFailed($0) }) { try await library.open(name) }
  }

  /// Goes on with an interrupted run.
  func resume(_ name: String) {
    guard let launcher else { return post(.openFailed("runs cannot be resumed from here")) }
    begin(onFailure: { .openFailed($0) }) { try await launcher.resume(run: name) }
  }

  /// Looks for runs, away from the main actor: a frame never waits for a disk.
  func listRuns(matching text: String) {
    guard let library else { return }
    Task {
      do {
        post(.runs(.success(try await library.runs(matching: text)), matching: text))
      } catch let error as RunQueryError {
        post(.runs(.failure(error), matching: text))
      } catch {
        post(.runs(.failure(RunQueryError(column: nil, description: "\(error)")), matching: text))
      }
    }
  }

  /// Reads runs for a comparison.
  func compare(_ names: [String]) {
    guard let library else { return }
    let reader = ComparisonReader(names, from: library)
    comparisonReader = reader
    isReading = true
    Task {
      defer { isReading = false }
      do {
        post(.compared(try await reader.read()))
      } catch {
        post(.openFailed("\(error)"))
      }
    }
  }

  /// Reads what the runs of the comparison have grown by.
  func readComparisonOn() {
    guard let reader = comparisonReader else { return }
    Task { post(.comparisonGrown(await reader.readOn())) }
  }

  /// Reads what was found out about a run, away from the main actor.
  func readAnalysis(of name: String) {
    guard let library else { return }
    Task {
      do {
        post(.analysis(.success(try await Self.analysis(of: name, from: library)), of: name))
      } catch {
        let problem = RunQueryError(column: nil, description: "\(error)")
        post(.analysis(.failure(problem), of: name))
      }
    }
  }

  @concurrent private nonisolated static func analysis(
    of name: String, from library: any RunLibrary
  ) async throws -> RunAnalysis { try library.analysis(of: name) }

  /// Reads the rounds before a branch, away from the main actor. Those of its own are shown anyway, so it
  /// says nothing where more cannot be read.
  func readEarlierCourse(of name: String) {
    guard let library else { return }
    Task {
      guard let course = try? await Self.course(beforeBranch: name, from: library) else { return }
      post(.earlierCourse(course, of: name))
    }
  }

  @concurrent private nonisolated static func course(
    beforeBranch name: String, from library: any RunLibrary
  ) async throws -> CollapseCourse? { try library.course(beforeBranch: name) }

  /// Asks the player of the recording for something.
  func play(_ command: PlaybackCommand) {
    guard let player = runner as? any RecordingPlayer, player.perform(command) else { return }
    post(.rewound)
    follow(player)
  }
}
