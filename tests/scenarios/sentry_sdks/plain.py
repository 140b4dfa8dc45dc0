from circumstances import begin, charge

begin()
charge("by itself")
