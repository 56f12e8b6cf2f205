// Two 60 nm films of LixWO3 side by side, one the gate and one the channel, under 1 um of PEO electrolyte. Lengths in um.
// x from the gate film over the gap to source and drain, y from the free face of the PEO (0) to the substrate.

film = 0.06;         // thickness of both films
peo = 1.0;           // thickness of the electrolyte above the films
length = 20;         // of each film; 400 in the measured device
gap = 10;            // between the films
pad = 2;             // of each contact under a film

// Cells.
under = 8;           // lateral, on a pad
between = 14;        // lateral, on the rest of a film
across = 14;         // lateral, in the gap
through = 10;        // through a film
above = 16;          // through the electrolyte above the films

x[] = {0, pad, length, length + gap, length + gap + pad, 2 * length + gap - pad, 2 * length + gap};
y[] = {0, peo, peo + film};

// Point 10 r + i: line r (PEO top, film top, film bottom), place i.
For r In {0:2}
  For i In {0:6}
    Point(100 + 10 * r + i) = {x[i], y[r], 0};
  EndFor
  For i In {0:5}
    Line(200 + 10 * r + i) = {100 + 10 * r + i, 101 + 10 * r + i};
  EndFor
  Transfinite Curve {200 + 10 * r, 203 + 10 * r, 205 + 10 * r} = under + 1 Using Bump 0.1;
  Transfinite Curve {201 + 10 * r, 204 + 10 * r} = between + 1 Using Bump 0.02;
  Transfinite Curve {202 + 10 * r} = across + 1 Using Bump 0.02;
EndFor
For i In {0:6}
  Line(300 + i) = {100 + i, 110 + i};
  Line(310 + i) = {110 + i, 120 + i};
EndFor
// Fine toward the films from above, 2 nm first; fine at both faces of the films.
Transfinite Curve {-300, -301, -302, -303, -304, -305, -306} = above + 1 Using Progression 1.38;
Transfinite Curve {310:316} = through + 1 Using Bump 0.2;

// Row 0 is the electrolyte above the films; row 1 the films with the gap, filled with electrolyte, between them.
For r In {0:1}
  For i In {0:5}
    Curve Loop(400 + 10 * r + i) = {200 + 10 * r + i, 301 + 10 * r + i, -(210 + 10 * r + i), -(300 + 10 * r + i)};
    Plane Surface(400 + 10 * r + i) = {400 + 10 * r + i};
  EndFor
EndFor
Transfinite Surface {400:405, 410:415};
Recombine Surface {400:405, 410:415};

Physical Surface("gate_film") = {410, 411};
Physical Surface("electrolyte") = {400:405, 412};
Physical Surface("channel") = {413:415};
Physical Curve("gate") = {220};
Physical Curve("source") = {223};
Physical Curve("drain") = {225};
Physical Curve("gate_film|electrolyte") = {210, 211, 312};
Physical Curve("electrolyte|channel") = {213:215, 313};
