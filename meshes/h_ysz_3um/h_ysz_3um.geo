// WO3 channel, 3 um long and 10 nm thick, under 14 nm of YSZ and a 9 um wide PdHx gate. Lengths in nm.
// x from source to drain, y from the gate (0) to the channel: the gate is drawn lowest.

ysz = 14;            // thickness of the electrolyte
wo3 = 10;            // thickness of the channel
channel = 3000;      // length of the channel
gate = 9000;         // length of the gate and of the electrolyte under it

// Cells: Progression p grows them by p away from its first point, Bump b makes the ends finer than the middle.
side = 16;           // lateral, beside the channel (each side)
half = 16;           // lateral, half the channel
lateral = 1.38;      // ratio of neighbours
layer = 28;          // through the YSZ
film = 20;           // through the WO3

x1 = (gate - channel) / 2;
xm = gate / 2;
x2 = x1 + channel;

// Points by line (gate, interface, bottom) and place (left, channel's ends and middle, right).
Point(1) = {0, 0, 0};    Point(2) = {x1, 0, 0};         Point(3) = {xm, 0, 0};         Point(4) = {x2, 0, 0};         Point(5) = {gate, 0, 0};
Point(11) = {0, ysz, 0}; Point(12) = {x1, ysz, 0};      Point(13) = {xm, ysz, 0};      Point(14) = {x2, ysz, 0};      Point(15) = {gate, ysz, 0};
                         Point(22) = {x1, ysz + wo3, 0}; Point(23) = {xm, ysz + wo3, 0}; Point(24) = {x2, ysz + wo3, 0};

// Along x, numbered 1 to 4 from left to right.
For i In {1:4}
  Line(i) = {i, i + 1};
  Line(10 + i) = {10 + i, 11 + i};
EndFor
Line(22) = {22, 23}; Line(23) = {23, 24};
// Along y.
For i In {1:5}
  Line(30 + i) = {i, 10 + i};
EndFor
Line(42) = {12, 22}; Line(43) = {13, 23}; Line(44) = {14, 24};

// Fine at both ends of the channel.
Transfinite Curve {-1, -11, 4, 14} = side + 1 Using Progression lateral;
Transfinite Curve {2, 12, 22, -3, -13, -23} = half + 1 Using Progression lateral;
// Fine at both faces of each layer: 0.12 nm in the YSZ (Debye length 0.5 nm), 0.15 nm in the WO3.
Transfinite Curve {31:35} = layer + 1 Using Bump 0.12;
Transfinite Curve {42:44} = film + 1 Using Bump 0.15;

For i In {1:4}
  Curve Loop(i) = {i, 31 + i, -(10 + i), -(30 + i)};
  Plane Surface(i) = {i};
EndFor
For i In {2:3}
  Curve Loop(10 + i) = {10 + i, 41 + i, -(20 + i), -(40 + i)};
  Plane Surface(10 + i) = {10 + i};
EndFor
// The loops above run once around each surface.
Transfinite Surface {1:4, 12:13};
Recombine Surface {1:4, 12:13};

Physical Surface("electrolyte") = {1:4};
Physical Surface("channel") = {12:13};
Physical Curve("gate") = {1:4};
Physical Curve("source") = {42};
Physical Curve("drain") = {44};
Physical Curve("electrolyte|channel") = {12, 13};
